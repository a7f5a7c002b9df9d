package discover

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf8"
)

// text is what is looked at to tell a kind: the data of a file, or a file too large to be held, which every look reads
// anew. It is UTF-8 without a byte order mark, whatever the file is, so that no way of saving hides what a file holds; the
// parser says what is wrong with it.
type text struct {
	data []byte
	open func() io.Reader // of a large file; nil otherwise
	err  error            // the first that reading a large file gave
}

func textOf(data []byte) *text {
	if bytes.HasPrefix(data, utf16LE) || bytes.HasPrefix(data, utf16BE) || bytes.IndexByte(data, 0) >= 0 {
		data, _ = io.ReadAll(decoded(bytes.NewReader(data)))
	}
	return &text{data: bytes.TrimPrefix(data, bom)}
}

// maxLook is how much of a large file is looked at: it bounds time, not memory.
const maxLook = 1 << 30

func largeText(f io.ReaderAt) *text {
	t := &text{}
	t.open = func() io.Reader {
		return decoded(errorKeeper{io.NewSectionReader(f, 0, maxLook), &t.err})
	}
	return t
}

// has reports whether a word stands somewhere in the text.
func (t *text) has(word string) bool {
	if t.open == nil {
		return bytes.Contains(t.data, []byte(word))
	}
	r := t.open()
	buffer := make([]byte, 256<<10)
	for kept := 0; ; {
		n, err := r.Read(buffer[kept:])
		window := buffer[:kept+n]
		if bytes.Contains(window, []byte(word)) {
			return true
		}
		if err != nil {
			return false
		}
		kept = copy(buffer, window[max(0, len(window)-len(word)):]) // it may begin here and end in the next piece
	}
}

// lines goes through the text's lines.
func (t *text) lines() *scanner {
	if t.open == nil {
		return &scanner{rest: t.data}
	}
	return &scanner{more: t.open()}
}

// bytes goes through the text's bytes.
func (t *text) bytes() io.ByteReader {
	if t.open == nil {
		return bytes.NewReader(t.data)
	}
	return bufio.NewReaderSize(t.open(), 64<<10)
}

// Byte order marks.
var (
	bom     = []byte("\xef\xbb\xbf")
	utf16LE = []byte("\xff\xfe")
	utf16BE = []byte("\xfe\xff")
)

// decoded gives UTF-8. Without a mark nothing but tools for one system reads UTF-16; dropping its zeros shows enough of it.
func decoded(r io.Reader) io.Reader {
	in := bufio.NewReaderSize(r, 64<<10)
	head, _ := in.Peek(len(bom))
	switch {
	case bytes.HasPrefix(head, utf16LE):
		return &utf16Reader{in: in, order: binary.LittleEndian}
	case bytes.HasPrefix(head, utf16BE):
		return &utf16Reader{in: in, order: binary.BigEndian}
	case bytes.Equal(head, bom):
		_, _ = in.Discard(len(bom)) // they are in the buffer
	}
	return zeroless{in}
}

// utf16Reader reads UTF-16. What takes more than one unit comes out as U+FFFD: nothing that is looked for does.
type utf16Reader struct {
	in    *bufio.Reader
	order binary.ByteOrder
	out   []byte // decoded, but not yet handed out
}

func (r *utf16Reader) Read(p []byte) (int, error) {
	for len(r.out) == 0 {
		units := make([]byte, 32<<10)
		n, err := io.ReadFull(r.in, units)
		for i := 0; i+1 < n; i += 2 {
			if unit := rune(r.order.Uint16(units[i:])); unit != 0 && unit != '\ufeff' {
				r.out = utf8.AppendRune(r.out, unit)
			}
		}
		if n == 0 {
			return 0, err
		}
	}
	n := copy(p, r.out)
	r.out = r.out[n:]
	return n, nil
}

// zeroless drops zero bytes.
type zeroless struct{ in io.Reader }

func (r zeroless) Read(p []byte) (int, error) {
	for {
		n, err := r.in.Read(p)
		if bytes.IndexByte(p[:n], 0) >= 0 {
			n = copy(p, bytes.ReplaceAll(p[:n], []byte{0}, nil))
		}
		if n > 0 || err != nil || len(p) == 0 {
			return n, err
		}
	}
}

// errorKeeper remembers why a file could not be read to its end.
type errorKeeper struct {
	io.Reader
	err *error
}

func (k errorKeeper) Read(p []byte) (int, error) {
	n, err := k.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) && *k.err == nil {
		*k.err = err
	}
	return n, err
}
