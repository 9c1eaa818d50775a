package php

import (
	"reflect"
	"strconv"
)

// convert makes of what PHP passed, as [Value.Interface] gives it, a value of type t,
// where nothing is lost by it.
func convert(val interface{}, t reflect.Type) (reflect.Value, bool) {
	if val == nil {
		switch t.Kind() {
		case reflect.Chan, reflect.Func, reflect.Interface, reflect.Map, reflect.Pointer, reflect.Slice:
			return reflect.Zero(t), true
		}
		return reflect.Value{}, false
	}
	v := reflect.ValueOf(val)
	if v.Type().AssignableTo(t) {
		return v, true
	}
	to := reflect.New(t).Elem()
	switch val := val.(type) {
	case int64:
		return to, setInt(to, val)
	case float64:
		if !to.CanFloat() || to.OverflowFloat(val) {
			return to, false
		}
		to.SetFloat(val)
		return to, true
	case bool:
		if t.Kind() != reflect.Bool {
			return to, false
		}
		to.SetBool(val)
		return to, true
	case string:
		switch {
		case t.Kind() == reflect.String:
			to.SetString(val)
		case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
			to.SetBytes([]byte(val))
		default:
			return to, false
		}
		return to, true
	case []interface{}:
		return to, setList(to, val)
	case map[string]interface{}:
		return to, setMap(to, val)
	}
	return to, false
}

func setInt(to reflect.Value, val int64) bool {
	switch {
	case to.CanInt() && !to.OverflowInt(val):
		to.SetInt(val)
	case to.CanUint() && val >= 0 && !to.OverflowUint(uint64(val)):
		to.SetUint(uint64(val))
	case to.CanFloat() && int64(float64(val)) == val:
		to.SetFloat(float64(val))
	default:
		return false
	}
	return true
}

func setList(to reflect.Value, val []interface{}) bool {
	switch to.Kind() {
	case reflect.Slice:
		to.Set(reflect.MakeSlice(to.Type(), len(val), len(val)))
	case reflect.Map: // an array with the keys 0, 1, 2, … is one, too
		dict := make(map[string]interface{}, len(val))
		for i, e := range val {
			dict[strconv.Itoa(i)] = e
		}
		return setMap(to, dict)
	default:
		return false
	}
	for i, e := range val {
		v, ok := convert(e, to.Type().Elem())
		if !ok {
			return false
		}
		to.Index(i).Set(v)
	}
	return true
}

func setMap(to reflect.Value, val map[string]interface{}) bool {
	if to.Kind() != reflect.Map {
		return false
	}
	to.Set(reflect.MakeMapWithSize(to.Type(), len(val)))
	for name, e := range val {
		key, ok := convert(name, to.Type().Key())
		if i, err := strconv.ParseInt(name, 10, 64); err == nil && !ok {
			key, ok = convert(i, to.Type().Key())
		}
		if !ok {
			return false
		}
		v, ok := convert(e, to.Type().Elem())
		if !ok {
			return false
		}
		to.SetMapIndex(key, v)
	}
	return true
}

// typeName is how PHP's messages call the type of val.
func typeName(val interface{}) string {
	switch val.(type) {
	case nil:
		return "null"
	case int64:
		return "int"
	case float64:
		return "float"
	case bool:
		return "bool"
	case string:
		return "string"
	}
	return "array"
}
