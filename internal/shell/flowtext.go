package shell

import (
	"slices"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// word is the text that a word comes to.
func (f *evaluator) word(w *syntax.Word) string {
	if w == nil {
		return ""
	}
	return f.cut(f.parts(w.Parts, false))
}

// field is what a word of a command comes to: of what stands there without quotes, the shell takes line breaks for the
// ends of words.
func (f *evaluator) field(w *syntax.Word) string {
	if _, own := f.vars["IFS"]; own {
		return f.word(w)
	}
	var b strings.Builder
	for i, part := range w.Parts {
		text := f.parts(w.Parts[i:i+1], false)
		switch part.(type) {
		case *syntax.ParamExp, *syntax.CmdSubst:
			text = f.oneLine(text)
		}
		b.WriteString(text)
	}
	return f.cut(b.String())
}

// oneLine is a text whose line breaks are blanks.
func (f *evaluator) oneLine(text string) string {
	return f.change(strings.ReplaceAll(text, "\n", " "), func(p *Piece) { p.Short = true })
}

func (f *evaluator) parts(parts []syntax.WordPart, quoted bool) string {
	var b strings.Builder
	for _, part := range parts {
		if b.Len() > maxText {
			f.out.Cut = true
			break
		}
		switch p := part.(type) {
		case *syntax.Lit:
			b.WriteString(f.exprs(unescape(p.Value, quoted)))
		case *syntax.SglQuoted:
			b.WriteString(f.exprs(p.Value))
		case *syntax.DblQuoted:
			b.WriteString(f.parts(p.Parts, true))
		case *syntax.ParamExp:
			b.WriteString(f.param(p))
		case *syntax.CmdSubst:
			b.WriteString(strings.TrimRight(uncommanded(f.stmts(p.Stmts, "")), "\n"))
		}
	}
	return b.String()
}

// unescape takes the backslashes out of a literal.
func unescape(text string, quoted bool) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) && (!quoted || strings.IndexByte("$`\"\\\n", text[i+1]) >= 0) {
			i++
			if text[i] == '\n' {
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// exprs puts marks for the expressions that were masked.
func (f *evaluator) exprs(text string) string {
	if !strings.Contains(text, placeholder) {
		return text
	}
	return placeholders.ReplaceAllStringFunc(text, func(masked string) string {
		i, err := strconv.Atoi(strings.Trim(masked[len(placeholder):], "_"))
		if err != nil || i >= len(f.reader.exprs) {
			return masked // the script's own text
		}
		return f.mark(Piece{Expr: &f.reader.exprs[i], Text: f.reader.exprs[i].Text})
	})
}

func (f *evaluator) param(p *syntax.ParamExp) string {
	if p.Param == nil || p.Length || p.Excl {
		return f.mark(Piece{})
	}
	name := p.Param.Value
	text, set := f.vars[name]
	if !set {
		text = f.mark(Piece{Env: name, Text: f.reader.written(p)})
	}
	switch {
	case p.Repl != nil && p.Repl.All && strings.HasPrefix(strings.TrimSpace(f.word(p.Repl.Orig)), "[^"):
		return f.mark(Piece{}) // only listed characters are left
	case p.Repl != nil || p.Slice != nil:
		return f.change(text, func(p *Piece) { p.Unclear = true })
	case p.Exp != nil && p.Exp.Word != nil && strings.Contains(p.Exp.Op.String(), "-"):
		return text + f.word(p.Exp.Word) // ${X:-default}
	}
	return text
}

// change makes a text of changed pieces.
func (f *evaluator) change(text string, how func(*Piece)) string {
	return eachMark(text, markPiece, func(i int) string {
		if i >= len(f.pieces) {
			return ""
		}
		p := f.pieces[i]
		how(&p)
		return f.mark(p)
	})
}

// eachMark replaces the marks of a kind.
func eachMark(text string, kind rune, with func(index int) string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, string(kind))
		b.WriteString(before)
		if !found {
			return b.String()
		}
		number, after, closed := strings.Cut(rest, string(markEnd))
		if i, err := strconv.Atoi(number); closed && err == nil {
			b.WriteString(with(i))
		}
		if text = after; !closed {
			return b.String()
		}
	}
}

// uncommanded is a text without the marks of the commands that printed it.
func uncommanded(text string) string {
	return eachMark(text, markCommand, func(int) string { return "" })
}

// piecesOf lists the pieces of a text.
func (f *evaluator) piecesOf(text string) []Piece {
	var found []Piece
	known := map[Piece]bool{}
	eachMark(text, markPiece, func(i int) string {
		switch {
		case i >= len(f.pieces) || known[f.pieces[i]]:
		case len(found) >= maxOfText:
			f.out.Cut = true
		default:
			found = append(found, f.pieces[i])
			known[f.pieces[i]] = true
		}
		return ""
	})
	return found
}

// only is the one piece that a text consists of.
func (f *evaluator) only(text string) (Piece, bool) {
	found := f.piecesOf(text)
	if len(found) != 1 || eachMark(text, markPiece, func(int) string { return "" }) != "" {
		return Piece{}, false
	}
	return found[0], true
}

// save keeps what is written to a file.
func (f *evaluator) save(target, text string) {
	if p, only := f.only(target); only && slices.Contains([]string{FileOutput, FileEnv, FilePath}, p.Env) {
		f.handed[p.Env] = f.cut(f.handed[p.Env] + text)
		return
	}
	f.files[target] = f.cut(f.files[target] + uncommanded(text))
}

// read gives the content of a file: what the script wrote there, or what somebody else did.
func (f *evaluator) read(name string) string {
	if text, own := f.files[name]; own {
		return text
	}
	if strings.ContainsRune(name, markPiece) {
		return f.mark(Piece{})
	}
	return f.mark(Piece{File: InDir(f.reader.dir, name), Text: name})
}

// readFile takes a file that hands on text apart into its entries.
func (f *evaluator) readFile(file string) {
	var command, delimiter string
	var open *Write
	for line := range strings.Lines(f.handed[file]) {
		line = strings.TrimSuffix(eachMark(line, markCommand, func(i int) string { command = f.commands[i]; return "" }), "\n")
		name, rest, assigned := strings.Cut(line, "=")
		before, mark, framed := strings.Cut(line, "<<")
		switch {
		case open != nil && line == delimiter:
			f.out.Written = append(f.out.Written, *open)
			open = nil
		case open != nil:
			open.Value = append(open.Value, f.piecesOf(line)...)
			open.Command = command
		case file == FilePath:
			f.out.Written = append(f.out.Written, Write{File: file, Value: f.piecesOf(line), Command: command})
		case framed && len(before) < len(name):
			random := strings.ContainsRune(mark, markPiece)
			open, delimiter = &Write{File: file, Name: f.plain(before), Named: f.piecesOf(before), Framed: random, Guessed: !random, Command: command}, mark
		case assigned:
			f.out.Written = append(f.out.Written, Write{
				File: file, Name: f.plain(name), Named: f.piecesOf(name), Value: f.piecesOf(rest), Text: f.plain(rest), Command: command,
			})
		case strings.ContainsRune(line, markPiece): // whole lines of somebody's text
			f.out.Written = append(f.out.Written, Write{File: file, Named: f.piecesOf(line), Command: command})
		}
	}
	if open != nil {
		f.out.Written = append(f.out.Written, *open)
	}
}

func (f *evaluator) plain(text string) string {
	return strings.TrimSpace(eachMark(text, markPiece, func(int) string { return "" }))
}

// readCommands takes ::set-output name=x::value from what the script prints.
func (f *evaluator) readCommands(printed string) {
	command := ""
	for line := range strings.Lines(printed) {
		line = eachMark(line, markCommand, func(i int) string { command = f.commands[i]; return "" })
		rest, found := strings.CutPrefix(strings.TrimSpace(line), "::set-output name=")
		if name, value, is := strings.Cut(rest, "::"); found && is {
			f.out.Written = append(f.out.Written, Write{File: FileOutput, Name: f.plain(name), Value: f.piecesOf(value), Text: f.plain(value), Command: command})
		}
	}
}
