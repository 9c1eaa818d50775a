package phpext

// StreamContext is a PHP stream context,
// https://www.php.net/manual/en/stream.contexts.php.
type StreamContext struct {
	// Options are arrays of options by wrapper: ["socket" => ["backlog" => 5]].
	Options *Array
	// Default: it is PHP's default context, which the script did not pass.
	Default bool
}

// Option returns an option of a wrapper; sc may be nil.
func (sc *StreamContext) Option(wrapper, name string) (Value, bool) {
	if sc == nil {
		return Null(), false
	}
	options, ok := sc.Options.GetText(wrapper)
	if !ok {
		return Null(), false
	}
	return options.Array().GetText(name)
}
