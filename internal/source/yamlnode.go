package source

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Limits that keep a hostile YAML file from growing without end when its aliases are expanded.
const (
	maxDepth = 500
	maxNodes = 1_000_000
)

// Dialect says how plain scalars are read.
type Dialect int

const (
	// YAML12 reads "yes" and "on" as text, as GitHub and Compose do.
	YAML12 Dialect = iota
	// YAML11 reads them as booleans, as Kubernetes does (sigs.k8s.io/yaml).
	YAML11
)

// YAML is the text of one YAML stream and the key to all positions in it.
type YAML struct {
	file   *File
	text   *Text
	breaks []int // offsets of YAML's own line starts
}

// NewYAML prepares a file's text for documents made of nodes.
func NewYAML(file *File) *YAML {
	return &YAML{file: file, text: NewText(file.Data), breaks: yamlBreaks(file.Data)}
}

// Text is the file's text.
func (y *YAML) Text() *Text { return y.text }

// LineOffset is the offset at which the given 1-based line starts, as the YAML reader counts lines.
func (y *YAML) LineOffset(line int) int {
	if line < 1 {
		return 0
	}
	if line > len(y.breaks) {
		return len(y.file.Data)
	}
	return y.breaks[line-1]
}

// LineAt is the 1-based line, as the YAML reader counts lines, that holds the byte offset.
func (y *YAML) LineAt(offset int) int {
	low, high := 0, len(y.breaks)
	for low+1 < high {
		if mid := (low + high) / 2; y.breaks[mid] <= offset {
			low = mid
		} else {
			high = mid
		}
	}
	return low + 1
}

// Document converts a node tree to a document. Lines of the nodes are counted from firstLine, the 1-based line at
// which the text given to the YAML reader began.
func (y *YAML) Document(root *yaml.Node, firstLine int, kind Kind, dialect Dialect) (*Document, *SyntaxError) {
	loc := &yamlLocator{yaml: y, root: root, firstLine: firstLine}
	c := converter{loc: loc, dialect: dialect}
	value, err := c.value(root, 0)
	if err != nil {
		return nil, err
	}
	doc := NewDocument(y.file, kind, value, loc)
	if c.repeats {
		doc.Duplicates = duplicates(root, nil, nil, 0)
	}
	return doc, nil
}

// SyntaxError is what keeps a text from being read, and where.
type SyntaxError struct {
	Message string
	Span    Span
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d: %s", e.Span.Start.Line, e.Message)
}

// converter makes plain values of nodes: aliases and merge keys expanded, duplicate keys read last wins.
type converter struct {
	loc     *yamlLocator
	dialect Dialect
	nodes   int
	repeats bool         // a map has a key twice
	within  []*yaml.Node // aliases being expanded, to notice one that stands for itself
}

func (c *converter) value(n *yaml.Node, depth int) (any, *SyntaxError) {
	c.nodes++
	switch {
	case depth > maxDepth:
		return nil, c.errorf(n, "nested more than %d levels deep", maxDepth)
	case c.nodes > maxNodes:
		if len(c.within) > 0 {
			n = c.within[0]
		}
		return nil, c.errorf(n, "more than %d values once its aliases are expanded", maxNodes)
	}
	switch n.Kind {
	case yaml.DocumentNode:
		if len(n.Content) == 0 {
			return nil, nil
		}
		return c.value(n.Content[0], depth)
	case yaml.AliasNode:
		return c.alias(n, depth)
	case yaml.MappingNode:
		return c.mapping(n, depth)
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, item := range n.Content {
			v, err := c.value(item, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	default:
		return scalar(n, c.dialect), nil
	}
}

func (c *converter) alias(n *yaml.Node, depth int) (any, *SyntaxError) {
	for _, open := range c.within {
		if open.Alias == n.Alias {
			return nil, c.errorf(n, "alias *%s stands inside its own anchor", n.Value)
		}
	}
	c.within = append(c.within, n)
	defer func() { c.within = c.within[:len(c.within)-1] }()
	return c.value(n.Alias, depth+1)
}

func (c *converter) mapping(n *yaml.Node, depth int) (any, *SyntaxError) {
	out := make(map[string]any, len(n.Content)/2)
	var merges []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, val := n.Content[i], n.Content[i+1]
		if isMerge(key) {
			merges = append(merges, val)
			continue
		}
		if follow(key).Kind != yaml.ScalarNode {
			return nil, c.errorf(key, "the key of a map is itself a map or list")
		}
		v, err := c.value(val, depth+1)
		if err != nil {
			return nil, err
		}
		out[keyText(key)] = v
	}
	c.repeats = c.repeats || len(out)+len(merges) < len(n.Content)/2
	for _, m := range merges {
		if err := c.merge(out, m, depth); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// merge adds the keys of a "<<" value that the map does not hold: an earlier map of a list wins over a later one.
func (c *converter) merge(out map[string]any, n *yaml.Node, depth int) *SyntaxError {
	sources := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		sources = n.Content
	}
	for _, src := range sources {
		v, err := c.value(src, depth+1)
		if err != nil {
			return err
		}
		m, ok := v.(map[string]any)
		if !ok {
			return c.errorf(src, "a merge key takes a map")
		}
		for k, val := range m {
			if _, taken := out[k]; !taken {
				out[k] = val
			}
		}
	}
	return nil
}

// errorf is an error at a node: all of a scalar or alias, the first line of a map or list.
func (c *converter) errorf(n *yaml.Node, format string, args ...any) *SyntaxError {
	failed := &SyntaxError{Message: fmt.Sprintf(format, args...)}
	switch n.Kind {
	case yaml.ScalarNode:
		failed.Span = c.loc.nodeSpan(n, 0)
	case yaml.AliasNode:
		start := c.loc.offset(n)
		failed.Span = c.loc.yaml.text.Span(start, start+len("*")+len(n.Value))
	default:
		failed.Span = c.loc.firstLineSpan(n)
	}
	return failed
}

func isMerge(key *yaml.Node) bool {
	return key.Kind == yaml.ScalarNode && key.Value == "<<" && key.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0
}

// keyText is the string that a map's key becomes; JSON and Kubernetes know no other keys.
func keyText(key *yaml.Node) string {
	return follow(key).Value
}

func scalar(n *yaml.Node, dialect Dialect) any {
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		return strings.EqualFold(n.Value, "true")
	case "!!int":
		return integer(n.Value)
	case "!!float":
		var f float64
		if n.Decode(&f) == nil && f-f == 0 { // neither infinite nor NaN: JSON has none
			return f
		}
		return n.Value
	}
	if dialect == YAML11 && n.Style == 0 && n.Tag == "!!str" {
		switch n.Value {
		case "y", "Y", "yes", "Yes", "YES", "on", "On", "ON":
			return true
		case "n", "N", "no", "No", "NO", "off", "Off", "OFF":
			return false
		}
	}
	return n.Value
}

func integer(text string) any {
	plain := strings.ReplaceAll(text, "_", "")
	if i, err := strconv.ParseInt(plain, 0, 64); err == nil {
		return int(i)
	}
	if u, err := strconv.ParseUint(plain, 0, 64); err == nil {
		return u
	}
	return text
}

// IsUTF8Text reports whether the data can be a YAML or JSON text at all, and why not.
func IsUTF8Text(data []byte) (string, bool) {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}), bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return "the file is UTF-16; save it as UTF-8", false
	case bytes.IndexByte(data, 0) >= 0:
		return "the file holds a NUL byte; it is not a text", false
	}
	return "", true
}
