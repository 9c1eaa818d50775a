package php

import (
	"errors"
	"fmt"
	"reflect"
	"sort"

	"github.com/phpsock/phpsock/phpext"
)

// maxDepth is how deep values may be nested on their way to PHP.
const maxDepth = 90

var errDepth = errors.New("Unable to create value that is nested too deeply")

// NewValue makes a PHP value of a Go value:
//
//	nil               null
//	int, int8 … int64 int
//	float32, float64  float
//	bool              bool
//	string            string
//	slice             list
//	map               array; its keys are of a kind int or string
//	struct            stdClass object of the exported fields
//
// For everything else, pointers, unsigned numbers and arrays among it and also within
// one of these, the error is "Unable to create value of unknown type 'TYPE'".
func NewValue(val interface{}) (*Value, error) {
	v, err := valueOf(val, 0)
	if err != nil {
		return nil, err
	}
	kind := kindOf(v)
	// A map is one even if its keys look like those of a list.
	if rv := reflect.ValueOf(val); rv.Kind() == reflect.Map && rv.Len() > 0 {
		kind = Map
	}
	return &Value{kind: kind, php: v}, nil
}

func valueOf(val interface{}, depth int) (phpext.Value, error) {
	if depth > maxDepth {
		return phpext.Null(), errDepth
	}
	v := reflect.ValueOf(val)
	switch v.Kind() {
	case reflect.Invalid:
		return phpext.Null(), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return phpext.Int(v.Int()), nil
	case reflect.Float32, reflect.Float64:
		return phpext.Float(v.Float()), nil
	case reflect.Bool:
		return phpext.Bool(v.Bool()), nil
	case reflect.String:
		return phpext.String(v.String()), nil
	case reflect.Slice:
		return listOf(v, depth)
	case reflect.Map:
		if kind := v.Type().Key().Kind(); kind == reflect.Int || kind == reflect.String {
			return mapOf(v, depth)
		}
	case reflect.Struct:
		return objectOf(v, depth)
	}
	return phpext.Null(), fmt.Errorf("Unable to create value of unknown type '%T'", val)
}

func listOf(v reflect.Value, depth int) (phpext.Value, error) {
	list := phpext.NewArray()
	for i := range v.Len() {
		element, err := valueOf(v.Index(i).Interface(), depth+1)
		if err != nil {
			return phpext.Null(), err
		}
		list.Append(element)
	}
	return phpext.ArrayValue(list), nil
}

func mapOf(v reflect.Value, depth int) (phpext.Value, error) {
	keys := v.MapKeys()
	isInt := v.Type().Key().Kind() == reflect.Int
	sort.Slice(keys, func(i, j int) bool {
		if isInt {
			return keys[i].Int() < keys[j].Int()
		}
		return keys[i].String() < keys[j].String()
	})
	array := phpext.NewArray()
	for _, k := range keys {
		element, err := valueOf(v.MapIndex(k).Interface(), depth+1)
		if err != nil {
			return phpext.Null(), err
		}
		if isInt {
			array.Set(phpext.IntKey(k.Int()), element)
		} else {
			array.Set(phpext.StringKey(k.String()), element)
		}
	}
	return phpext.ArrayValue(array), nil
}

func objectOf(v reflect.Value, depth int) (phpext.Value, error) {
	properties := phpext.NewArray()
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() {
			continue
		}
		element, err := valueOf(v.Field(i).Interface(), depth+1)
		if err != nil {
			return phpext.Null(), err
		}
		properties.Set(phpext.StringKey(field.Name), element)
	}
	return object(properties), nil
}
