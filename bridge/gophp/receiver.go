package php

import (
	"errors"
	"fmt"
	"reflect"
	"sync"

	"github.com/phpsock/phpsock/phpext"
)

// Receiver is a class that [Engine.Define] has made.
type Receiver struct {
	name   string
	mu     sync.Mutex
	create func(args []interface{}) interface{} // nil once destroyed
}

// NewObject calls the receiver's constructor; the error is "Failed to instantiate method
// receiver" if that returns nil, or if the receiver was destroyed.
func (r *Receiver) NewObject(args []interface{}) (*ReceiverObject, error) {
	r.mu.Lock()
	create := r.create
	r.mu.Unlock()
	var instance interface{}
	if create != nil {
		instance = create(args)
	}
	if instance == nil {
		return nil, errors.New("Failed to instantiate method receiver")
	}
	o := &ReceiverObject{class: r.name, instance: reflect.ValueOf(instance)}
	o.fields = reflect.Indirect(o.instance)
	return o, nil
}

// Destroy lets no more objects be made.
func (r *Receiver) Destroy() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.create = nil
}

// ReceiverObject is the Go side of an object.
type ReceiverObject struct {
	class    string
	instance reflect.Value // what the constructor returned
	fields   reflect.Value // what that points to
}

// field returns the exported field with that name.
func (o *ReceiverObject) field(name string) (reflect.Value, bool) {
	if o.fields.Kind() != reflect.Struct {
		return reflect.Value{}, false
	}
	f, ok := o.fields.Type().FieldByName(name)
	if !ok || !f.IsExported() || len(f.Index) > 1 { // of an embedded struct
		return reflect.Value{}, false
	}
	return o.fields.Field(f.Index[0]), true
}

// Get returns the value of a field. The error is "Value 'NAME' does not exist or is not
// addressable" if there is none with that name, or that of [NewValue].
func (o *ReceiverObject) Get(name string) (*Value, error) {
	f, ok := o.field(name)
	if !ok {
		return nil, fmt.Errorf("Value '%s' does not exist or is not addressable", name)
	}
	return NewValue(f.Interface())
}

// Set sets a field. It does nothing if there is none with that name, if it cannot be set
// because the object is no pointer, or if it cannot hold val.
func (o *ReceiverObject) Set(name string, val interface{}) { _ = o.set(name, val) }

func (o *ReceiverObject) set(name string, val interface{}) error {
	f, ok := o.field(name)
	if !ok || !f.CanSet() {
		return nil
	}
	v, ok := convert(val, f.Type())
	if !ok {
		return phpext.TypeError(0, "Cannot assign %s to property %s::$%s of type %s", typeName(val), o.class, name, f.Type())
	}
	f.Set(v)
	return nil
}

// Exists reports whether there is a field with that name.
func (o *ReceiverObject) Exists(name string) bool {
	_, ok := o.field(name)
	return ok
}

// Call calls a method and returns its result, several as a list. It returns nil if there
// is no such method, if it has no result or one that [NewValue] cannot take, or if it
// does not take these arguments.
func (o *ReceiverObject) Call(name string, args []interface{}) *Value {
	v, _ := o.call(name, args)
	return v
}

func (o *ReceiverObject) call(name string, args []interface{}) (*Value, error) {
	method := o.instance.MethodByName(name)
	if !method.IsValid() {
		return nil, nil
	}
	in, err := o.arguments(name, method.Type(), args)
	if err != nil {
		return nil, err
	}
	var result interface{}
	switch out := method.Call(in); len(out) {
	case 0:
		return nil, nil
	case 1:
		result = out[0].Interface()
	default:
		results := make([]interface{}, len(out))
		for i, v := range out {
			results[i] = v.Interface()
		}
		result = results
	}
	v, err := NewValue(result)
	if err != nil {
		return nil, nil // as go-php: PHP gets null
	}
	return v, nil
}

// arguments converts what PHP passed to what the method takes.
func (o *ReceiverObject) arguments(name string, t reflect.Type, args []interface{}) ([]reflect.Value, error) {
	fixed := t.NumIn()
	if t.IsVariadic() {
		fixed--
	}
	if len(args) < fixed || len(args) > fixed && !t.IsVariadic() {
		return nil, phpext.Errorf("ArgumentCountError", "%s::%s() takes %d arguments, %d given", o.class, name, fixed, len(args))
	}
	in := make([]reflect.Value, len(args))
	for i, arg := range args {
		var want reflect.Type
		if i < fixed {
			want = t.In(i)
		} else {
			want = t.In(fixed).Elem()
		}
		v, ok := convert(arg, want)
		if !ok {
			return nil, phpext.TypeError(0, "%s::%s(): Argument #%d must be of type %s, %s given", o.class, name, i+1, want, typeName(arg))
		}
		in[i] = v
	}
	return in, nil
}
