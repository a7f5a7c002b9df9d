package parse

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// dockerfile reads a Dockerfile with BuildKit's parser. The document's value is
//
//	directives:   {syntax, escape, check}, those that are there
//	instructions: a list of
//	  cmd:      the instruction in lower case
//	  flags:    its words that begin with "--", in full
//	  args:     its other words; for RUN, CMD and ENTRYPOINT in shell form one string; for ENV and LABEL name and
//	            value in turn
//	  json:     true when the arguments were written as a JSON list
//	  raw:      the whole instruction, continued lines joined
//	  stage:    0-based index of the build stage; not there before the first FROM
//	  heredocs: the texts that follow the instruction
//	  trigger:  of ONBUILD, the instruction to run later, with its own cmd, flags, args and raw
func dockerfile(file *source.File) ([]*source.Document, []*source.SyntaxError) {
	if err := refusal(file); err != nil {
		return nil, []*source.SyntaxError{err}
	}
	if err := longLine(file); err != nil {
		return nil, []*source.SyntaxError{err}
	}
	result, err := readDockerfile(file.Data)
	if err != nil {
		return nil, []*source.SyntaxError{dockerError(file, err)}
	}
	loc := &dockerLocator{file: file, text: source.NewText(file.Data), directives: map[string]words{}}
	directives := loc.readDirectives()
	b := dockerBuilder{loc: loc, escape: byte(result.EscapeToken), stage: -1}
	list := make([]any, 0, len(result.AST.Children))
	for _, node := range result.AST.Children {
		list = append(list, b.instruction(node))
	}
	value := map[string]any{"directives": directives, "instructions": list}
	docs := []*source.Document{source.NewDocument(file, source.Dockerfile, value, loc)}
	if err := checkInstructions(result.AST, directives["syntax"]); err != nil {
		return docs, []*source.SyntaxError{dockerError(file, err)}
	}
	return docs, nil
}

// longLine finds a line that BuildKit's parser stops at.
func longLine(file *source.File) *source.SyntaxError {
	text := source.NewText(file.Data)
	for n := 1; n <= text.Lines(); n++ {
		if len(text.Line(n)) >= bufio.MaxScanTokenSize-2 {
			message := fmt.Sprintf("the line is longer than %d bytes, which Docker does not read", bufio.MaxScanTokenSize)
			return &source.SyntaxError{Message: message, Span: text.LineSpan(n)}
		}
	}
	return nil
}

// readDockerfile calls the library; a panic of it is an error like any other.
func readDockerfile(data []byte) (result *parser.Result, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the Dockerfile reader gave up: %v", r)
		}
	}()
	return parser.Parse(bytes.NewReader(data))
}

// checkInstructions gives the first error of an instruction, as a build would. A frontend other than Docker's may know
// instructions of its own.
func checkInstructions(root *parser.Node, syntax any) (err error) {
	if s, ok := syntax.(string); ok && !strings.Contains(s, "docker/dockerfile") {
		return nil
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the Dockerfile reader gave up: %v", r)
		}
	}()
	for _, node := range root.Children {
		if _, err := instructions.ParseInstruction(node); err != nil {
			return err
		}
	}
	return nil
}

func dockerError(file *source.File, err error) *source.SyntaxError {
	text, span := source.NewText(file.Data), source.FileStart(file.Path).Span
	var located *parser.LocationError
	if errors.As(err, &located) && len(located.Locations) > 0 && len(located.Locations[0]) > 0 {
		span = text.LineSpan(max(1, min(located.Locations[0][0].Start.Line, text.Lines())))
	}
	message := err.Error()
	if looksTemplated(file.Data) {
		message += "; " + templateHint
	}
	return &source.SyntaxError{Message: message, Span: span}
}

// dockerBuilder makes plain values of the parser's nodes and notes where their words stand.
type dockerBuilder struct {
	loc    *dockerLocator
	escape byte
	stage  int
}

func (b *dockerBuilder) instruction(node *parser.Node) map[string]any {
	line := joinLines(b.loc.text, node.StartLine, b.escape)
	if line.text != node.Original { // the parser read the lines in some other way: only the lines are known
		line = joined{text: node.Original, after: line.after}
	}
	value, place := command(node, line, 0)
	if value["cmd"] == "from" {
		b.stage++
	}
	if b.stage >= 0 {
		value["stage"] = b.stage
	}
	if len(node.Heredocs) > 0 {
		var texts []any
		at := line.after
		for _, doc := range node.Heredocs {
			texts = append(texts, doc.Content)
			content := joined{text: doc.Content, pieces: []piece{{0, at}}}
			place.heredocs = append(place.heredocs, words{content, 0, len(doc.Content)})
			at += len(doc.Content)
			at += len(wholeLine(b.loc.text.Data, at)) // the terminator
		}
		value["heredocs"] = texts
	}
	b.loc.instructions = append(b.loc.instructions, place)
	return value
}

// command gives the value of the instruction that stands in the line after from, and the places of its words, which
// stand in the order of the nodes.
func command(node *parser.Node, line joined, from int) (map[string]any, dockerPlace) {
	cursor := from
	find := func(word string) words {
		i := strings.Index(line.text[cursor:], word)
		if i < 0 { // quoted or escaped in the text
			return words{line, from, len(line.text)}
		}
		start := cursor + i
		cursor = start + len(word)
		return words{line, start, cursor}
	}
	value := map[string]any{"cmd": strings.ToLower(node.Value), "raw": line.text[from:]}
	place := dockerPlace{raw: words{line, from, len(line.text)}, cmd: find(node.Value)}
	flags := make([]any, 0, len(node.Flags))
	for _, flag := range node.Flags {
		flags = append(flags, flag)
		place.flags = append(place.flags, find(flag))
	}
	args := []any{}
	pairs := value["cmd"] == "env" || value["cmd"] == "label"
	for i, n := 0, node.Next; n != nil; i, n = i+1, n.Next {
		switch {
		case len(n.Children) > 0:
			start := find(n.Children[0].Original).start
			trigger, inner := command(n.Children[0], line, start)
			value["trigger"], place.trigger = trigger, &inner
		case pairs && i%3 == 2: // the separator
		default:
			args = append(args, n.Value)
			place.args = append(place.args, find(n.Value))
		}
	}
	value["flags"], value["args"] = flags, args
	if node.Attributes["json"] {
		value["json"] = true
	}
	return value, place
}
