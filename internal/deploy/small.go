package deploy

import (
	"errors"
	"fmt"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// small reads the one map of a file that discovery does not read.
func (f *finder) small(name string) (object, error) {
	all, err := f.documents(name)
	switch {
	case err != nil:
		return object{}, err
	case len(all) != 1:
		return object{}, errors.New("it is not one YAML document")
	}
	return all[0], nil
}

// documents reads the documents of a file that discovery does not read. The error is the end of a Miss's message.
func (f *finder) documents(name string) ([]object, error) {
	data, err := f.read(name)
	if err != nil {
		return nil, err
	}
	return readObjects(name, data)
}

// madeDocuments reads the documents of a file that may be a template which writes YAML.
func (f *finder) madeDocuments(name string) ([]object, error) {
	data, err := f.read(name)
	if err != nil {
		return nil, err
	}
	objects, err := readObjects(name, data)
	if err == nil {
		return objects, nil
	}
	made, ok := readActions(data)
	if !ok {
		return nil, err
	}
	if objects, err = readObjects(name, made.plain); err != nil {
		return nil, err
	}
	for i := range objects {
		objects[i].made = &made
		objects[i].doc.Value = made.restored(objects[i].doc.Value)
	}
	return objects, nil
}

func (f *finder) read(name string) ([]byte, error) {
	if f.repo.Read == nil {
		return nil, errors.New("it was not read")
	}
	data, err := f.repo.Read(name)
	switch {
	case err != nil:
		return nil, fmt.Errorf("it cannot be read: %w", err)
	case len(data) > maxSmall:
		return nil, fmt.Errorf("it is larger than %d MiB", maxSmall>>20)
	}
	return data, nil
}

func readObjects(name string, data []byte) ([]object, error) {
	docs, errs := parse.YAML(&source.File{Path: name, Kind: source.ChartFile, Data: data}, source.ChartFile, source.YAML11)
	if len(errs) > 0 {
		return nil, fmt.Errorf("it does not parse, at line %d: %s", errs[0].Span.Start.Line, errs[0].Message)
	}
	out := make([]object, len(docs))
	for i, doc := range docs {
		out[i] = object{doc: doc, index: i}
	}
	return out, nil
}
