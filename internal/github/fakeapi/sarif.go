package fakeapi

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// Upload is a SARIF file that was sent.
type Upload struct {
	CommitSHA, Ref, ToolName string
	SARIF                    string // decoded
	asked                    int
}

// Uploads lists all that were sent, oldest first.
func (s *Server) Uploads() []Upload {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Upload(nil), s.uploads...)
}

func (s *Server) uploadSARIF(w http.ResponseWriter, r *http.Request, _ string, body []byte) {
	if !s.AdvancedSecurity {
		refuse(w, http.StatusForbidden, "Advanced Security must be enabled for this repository to use code scanning.")
		return
	}
	var request struct {
		CommitSHA string `json:"commit_sha"`
		Ref       string
		SARIF     string `json:"sarif"`
		ToolName  string `json:"tool_name"`
	}
	if err := json.Unmarshal(body, &request); err != nil {
		refuse(w, http.StatusBadRequest, "Problems parsing JSON")
		return
	}
	compressed, err := base64.StdEncoding.DecodeString(request.SARIF)
	if err != nil {
		refuse(w, http.StatusBadRequest, "sarif is not base64")
		return
	}
	if len(compressed) > 10<<20 {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	unzipped, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		refuse(w, http.StatusBadRequest, "sarif is not gzip")
		return
	}
	text, err := io.ReadAll(unzipped)
	if err != nil || !json.Valid(text) {
		refuse(w, http.StatusBadRequest, "sarif is not JSON")
		return
	}
	s.uploads = append(s.uploads, Upload{CommitSHA: request.CommitSHA, Ref: request.Ref, ToolName: request.ToolName, SARIF: string(text)})
	id := fmt.Sprintf("00000000-0000-0000-0000-%012d", len(s.uploads))
	answer(w, http.StatusAccepted, map[string]string{"id": id, "url": "https://" + r.Host + r.URL.Path + "/" + id})
}

// getSARIF gives the planned statuses one after another, and "complete" when they are used up.
func (s *Server) getSARIF(w http.ResponseWriter, _ *http.Request, id string, _ []byte) {
	n, err := strconv.Atoi(strings.TrimLeft(id[strings.LastIndexByte(id, '-')+1:], "0"))
	if err != nil || n < 1 || n > len(s.uploads) {
		refuse(w, http.StatusNotFound, "Not Found")
		return
	}
	upload := &s.uploads[n-1]
	status := map[string]any{"processing_status": "complete"}
	if upload.asked < len(s.Processing) {
		status["processing_status"] = s.Processing[upload.asked]
	}
	if status["processing_status"] == "failed" {
		status["errors"] = []string{"Code Scanning could not process the submitted SARIF file:\nno."}
	}
	upload.asked++
	answer(w, http.StatusOK, status)
}
