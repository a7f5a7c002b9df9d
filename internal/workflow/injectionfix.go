package workflow

// fixOf gives the edit that removes an injection, where it is certain to keep what the code does.
func (s scope) fixOf(k sink, e Expression, i Injection) *Fix { return nil }
