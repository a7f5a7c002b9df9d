package fakeapi

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
)

// Fault answers in place of the server. It may have the request served first, and throw that answer away.
type Fault func(w http.ResponseWriter, r *http.Request, serve func(http.ResponseWriter))

type plannedFault struct {
	operation string
	skip      int
	fault     Fault
}

// Plan makes the nth request (from 1) of an operation, counted from now, meet a fault.
func (s *Server) Plan(operation string, nth int, fault Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &plannedFault{operation, nth - 1, fault})
}

func (s *Server) nextFault(operation string) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	var due Fault
	s.faults = slices.DeleteFunc(s.faults, func(p *plannedFault) bool {
		if p.operation != operation {
			return false
		}
		p.skip--
		if p.skip < 0 && due == nil {
			due = p.fault
			return true
		}
		return false
	})
	if due == nil {
		return s.Every
	}
	return due
}

// droppedConnection stands for no answer at all where there is no connection to drop.
const droppedConnection = 599

// Status answers with a status, a message and headers, given as key, value, key, value…; nothing is served.
func Status(status int, message string, headers ...string) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ func(http.ResponseWriter)) {
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		refuse(w, status, message)
	}
}

// ServedThen serves the request and lets the fault answer all the same.
func ServedThen(fault Fault) Fault {
	return func(w http.ResponseWriter, r *http.Request, serve func(http.ResponseWriter)) {
		serve(httptest.NewRecorder())
		fault(w, r, serve)
	}
}

// Silence does not answer until the client gives up.
func Silence(_ http.ResponseWriter, r *http.Request, _ func(http.ResponseWriter)) {
	<-r.Context().Done()
}

// Drop ends the connection without an answer.
func Drop(w http.ResponseWriter, _ *http.Request, _ func(http.ResponseWriter)) {
	w.WriteHeader(droppedConnection)
}

// Truncate answers rightly but ends in the middle of it.
func Truncate(w http.ResponseWriter, _ *http.Request, serve func(http.ResponseWriter)) {
	whole := httptest.NewRecorder()
	serve(whole)
	w.WriteHeader(whole.Code)
	_, _ = io.WriteString(w, whole.Body.String()[:whole.Body.Len()/2]) // the client may be gone
}
