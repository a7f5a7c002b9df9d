package render

import (
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"fmt"
	"io"
	"time"

	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/trace"
)

// Limits of what is read from the repository and of what comes out.
const (
	maxFile    = 10 << 20 // bytes of one file
	maxChart   = 64 << 20 // bytes of all files of one chart, its vendored dependencies included
	maxOutput  = 64 << 20 // bytes that one variant may render to
	maxFiles   = 20_000   // files of one chart
	maxReached = 2_000    // kustomizations that one kustomization reaches, itself among them
	// maxMessage is how long a message may be, with all that tells how the output came about, in bytes.
	maxMessage = 3 * maxOutput
	// keptMessage is how large a buffer for messages may stay, in bytes.
	keptMessage = 1 << 20
)

// hello is the first message a child gets.
type hello struct {
	Root        string
	Memory      int64
	Timeout     time.Duration
	KubeVersion string
	Watched     Watched
}

// request asks for one variant of one unit.
type request struct {
	Renderer, Root, File string
	Variant              Variant
	Siblings             []sibling
	Lone                 bool
	LoadOutside          bool
	// Careful asks for one thing after another, with each template told before it is rendered: the request was the end of
	// another child.
	Careful bool
}

// reply is what a child made of a request.
type reply struct {
	Failed   bool // nothing was rendered; Problems say why
	Texts    []text
	Problems []problem
	Tracing  tracing       // Helm: how the texts came about
	Untraced int           // texts whose way is not known
	Inputs   []string      // Kustomize: the kustomizations and patches that took part, the root's first
	Spent    time.Duration // processor time
	Retire   bool          // the child's process-wide state is spent: it ends after this reply
	Lineage  lineage       // Kustomize: what the places of the objects are told from
	Touched  bool          // one of the watched paths was asked for
}

// text is what one template wrote, a stream of YAML, or one object of a kustomization, as JSON.
type text struct {
	Name string // the template as Helm names it, chart/templates/web.yaml; "" for Kustomize
	Data string
	// Source is the template or resource file in the repository, "" when it has none there.
	Source string
	// Anchor is the place to name instead, when Source is "": a dependency's line, a generator's line.
	Anchor source.Location
	// Spots says where each key and scalar of an object was read, Kustomize only; see spotsOf.
	Spots []byte
	// Chart and Part name the text of a chart that an object of a kustomization is from: the 1-based index of the chart in
	// the lineage, the 0-based one of its text.
	Chart, Part int
	// Pieces tell how the text came about, Helm only; nil when that is not known.
	Pieces trace.Pieces
	// Cause tells apart texts of the same bytes that came about in another way, Helm only.
	Cause uint64
}

// problem is a Problem with what the parent needs to weigh it.
type problem struct {
	Problem
	Demand bool // the chart asks for values that its user has to give
	Unread bool // the file at its place does not parse
}

// sender writes messages, each with its length before it. Their types are described once, with the first message of each.
type sender struct {
	to      io.Writer
	message bytes.Buffer
	encoder *gob.Encoder
}

func newSender(to io.Writer) *sender {
	s := &sender{to: to}
	s.encoder = gob.NewEncoder(&s.message)
	return s
}

func (s *sender) send(message any) error {
	s.message.Reset()
	s.message.Write(make([]byte, 4))
	if err := s.encoder.Encode(message); err != nil {
		return err
	}
	if s.message.Len() > maxMessage {
		return fmt.Errorf("message of %d bytes is too long", s.message.Len())
	}
	binary.BigEndian.PutUint32(s.message.Bytes(), uint32(s.message.Len()-4)) // bounded by maxMessage
	_, err := s.to.Write(s.message.Bytes())
	if s.message.Cap() > keptMessage { // the encoder writes to the buffer's address, so only what is in it may go
		s.message = bytes.Buffer{}
	}
	return err
}

// receiver reads the messages that one sender writes.
type receiver struct {
	from    io.Reader
	message bytes.Buffer
	decoder *gob.Decoder
}

func newReceiver(from io.Reader) *receiver {
	r := &receiver{from: from}
	r.decoder = gob.NewDecoder(&r.message)
	return r
}

func (r *receiver) receive(message any) error {
	var head [4]byte
	if _, err := io.ReadFull(r.from, head[:]); err != nil {
		return err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n > maxMessage {
		return fmt.Errorf("message of %d bytes is too long", n)
	}
	r.message.Reset()
	if _, err := io.CopyN(&r.message, r.from, int64(n)); err != nil {
		return err
	}
	err := r.decoder.Decode(message)
	if r.message.Cap() > keptMessage {
		r.message = bytes.Buffer{}
	}
	return err
}
