package trace

import (
	"encoding/binary"
	"errors"
	"hash/fnv"
)

// Pieces are the pieces of one text. They are sent as small numbers, each as its difference to the one before: there are
// many, and most are close to each other.
type Pieces []Piece

// GobEncode implements gob.GobEncoder.
func (p Pieces) GobEncode() ([]byte, error) {
	out := binary.AppendUvarint(make([]byte, 0, 9*len(p)+4), uint64(len(p)))
	var last Piece
	for _, one := range p {
		for _, n := range [...]int64{
			int64(one.Start - last.Start), int64(one.At - last.At), int64(one.Frame - last.Frame), int64(one.Reads - last.Reads),
			int64(one.Exact), int64(one.Control - last.Control), int64(one.Part),
		} {
			out = binary.AppendVarint(out, n)
		}
		out = append(out, byte(one.Form))
		last = one
	}
	return out, nil
}

var errWire = errors.New("trace: the message ends early")

// GobDecode implements gob.GobDecoder.
func (p *Pieces) GobDecode(data []byte) error {
	count, n := binary.Uvarint(data)
	if n <= 0 || count > uint64(len(data)) {
		return errWire
	}
	data = data[n:]
	*p = make(Pieces, count)
	var last Piece
	for i := range *p {
		var numbers [7]int64
		for j := range numbers {
			if numbers[j], n = binary.Varint(data); n <= 0 {
				return errWire
			}
			data = data[n:]
		}
		if len(data) == 0 {
			return errWire
		}
		last = Piece{
			Start: last.Start + int(numbers[0]), At: last.At + int(numbers[1]), Frame: last.Frame + int32(numbers[2]),
			Reads: last.Reads + int32(numbers[3]), Exact: int32(numbers[4]), Control: last.Control + int32(numbers[5]), Part: int32(numbers[6]), Form: Form(data[0]),
		}
		(*p)[i] = last
		data = data[1:]
	}
	return nil
}

// Sets are sets of leaves.
type Sets [][]int32

// GobEncode implements gob.GobEncoder.
func (s Sets) GobEncode() ([]byte, error) {
	out := binary.AppendUvarint(nil, uint64(len(s)))
	for _, set := range s {
		out = binary.AppendUvarint(out, uint64(len(set)))
		for _, id := range set {
			out = binary.AppendVarint(out, int64(id))
		}
	}
	return out, nil
}

// GobDecode implements gob.GobDecoder.
func (s *Sets) GobDecode(data []byte) error {
	next := func() (int, bool) {
		v, n := binary.Uvarint(data)
		if n <= 0 || v > uint64(len(data)) {
			return 0, false
		}
		data = data[n:]
		return int(v), true
	}
	count, ok := next()
	if !ok {
		return errWire
	}
	*s = make(Sets, count)
	for i := range *s {
		size, ok := next()
		if !ok {
			return errWire
		}
		(*s)[i] = make([]int32, size)
		for j := range (*s)[i] {
			id, n := binary.Varint(data)
			if n <= 0 {
				return errWire
			}
			(*s)[i][j] = int32(id)
			data = data[n:]
		}
	}
	return nil
}

// Digest tells texts of the same bytes apart that came about in another way: from other places, or from values that were set
// elsewhere. Layer names the place of a layer of values.
func (r *Record) Digest(pieces Pieces, layer func(n int) string) uint64 {
	hash := fnv.New64a()
	write := func(n int) {
		var b [8]byte
		binary.LittleEndian.PutUint64(b[:], uint64(n))
		_, _ = hash.Write(b[:]) // it cannot fail
	}
	known := map[int32]bool{}
	for _, p := range pieces {
		write(p.At)
		if p.Reads < 0 || known[p.Reads] {
			continue
		}
		known[p.Reads] = true
		for _, id := range r.Sets[p.Reads] {
			from, at := r.Origin(id)
			_, _ = hash.Write([]byte(layer(from) + at.String()))
		}
	}
	return hash.Sum64()
}
