package parse_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func dockerfile(t *testing.T, text string) *source.Document {
	t.Helper()
	docs, errs := parse.File(file(source.Dockerfile, "Dockerfile", text))
	if len(errs) > 0 || len(docs) != 1 {
		t.Fatalf("%d documents, errors %v", len(docs), errs)
	}
	return docs[0]
}

func TestDockerfileValue(t *testing.T) {
	const text = `# syntax=docker/dockerfile:1
ARG TAG=1.2
FROM --platform=$BUILDPLATFORM nginx:$TAG AS base
ENV A=1 B="x y"
ONBUILD COPY --from=busybox /a /b
CMD ["run", "it"]
RUN <<EOF
echo hi
EOF
`
	words := func(words ...any) []any { return append([]any{}, words...) }
	want := map[string]any{
		"directives": map[string]any{"syntax": "docker/dockerfile:1"},
		"instructions": []any{
			map[string]any{"cmd": "arg", "flags": words(), "args": words("TAG=1.2"), "raw": "ARG TAG=1.2"},
			map[string]any{
				"cmd": "from", "flags": words("--platform=$BUILDPLATFORM"), "args": words("nginx:$TAG", "AS", "base"), "stage": 0,
				"raw": "FROM --platform=$BUILDPLATFORM nginx:$TAG AS base",
			},
			map[string]any{"cmd": "env", "flags": words(), "args": words("A", "1", "B", `"x y"`), "stage": 0, "raw": `ENV A=1 B="x y"`},
			map[string]any{
				"cmd": "onbuild", "flags": words(), "args": words(), "stage": 0, "raw": "ONBUILD COPY --from=busybox /a /b",
				"trigger": map[string]any{
					"cmd": "copy", "flags": words("--from=busybox"), "args": words("/a", "/b"), "raw": "COPY --from=busybox /a /b",
				},
			},
			map[string]any{"cmd": "cmd", "flags": words(), "args": words("run", "it"), "json": true, "stage": 0, "raw": `CMD ["run", "it"]`},
			map[string]any{
				"cmd": "run", "flags": words(), "args": words("<<EOF"), "heredocs": words("echo hi\n"), "stage": 0, "raw": "RUN <<EOF",
			},
		},
	}
	if diff := cmp.Diff(want, dockerfile(t, text).Value); diff != "" {
		t.Errorf("value (-want +got):\n%s", diff)
	}
}

func TestDockerfileSpans(t *testing.T) {
	step := func(i int, rest ...any) source.Path { return source.Path{"instructions", i}.Append(rest...) }
	tests := []struct {
		name, text string
		path       source.Path
		part       string // of the scalar
		want, at   string
	}{
		{"image", "FROM --platform=$X  nginx:1 AS a\n", step(0, "args", 0), "", "nginx:1", "1:21"},
		{"platform", "FROM --platform=$X nginx:1\n", step(0, "flags", 0), "", "--platform=$X", "1:6"},
		{"part of a flag", "FROM a\nCOPY --link --from=b:1 /x /y\n", step(1, "flags", 1), "b:1", "b:1", "2:20"},
		{"indented", "FROM a\n  COPY  x y\n", step(1, "args", 1), "", "y", "2:11"},
		{"mount", "FROM a\nRUN --mount=type=bind,from=b,target=/x \\\n  do it\n", step(1, "flags", 0), "from=b", "from=b", "2:23"},
		{"continued", "FROM a\nRUN one && \\\n    # note\n    two\n", step(1, "args", 0), "two", "two", "4:5"},
		{"over lines", "FROM a\nRUN one && \\\n  two\n", step(1, "args", 0), "", "one && \\\n  two", "2:5"},
		{"an instruction is its first line", "FROM a\nRUN one && \\\n  two\n", step(1), "", "RUN one && ", "2:1"},
		{"whole instruction", "FROM a\nRUN one && \\\n  two\n", step(1, "raw"), "", "RUN one && \\\n  two", "2:1"},
		{"CRLF", "FROM a\r\nRUN one && \\\r\n  two\r\nUSER x\r\n", step(2, "args", 0), "", "x", "4:6"},
		{"escape directive", "# escape=`\nFROM a\nRUN one `\n  two\n", step(1, "args", 0), "two", "two", "4:3"},
		{"byte order mark", "\ufeffFROM nginx\n", step(0, "args", 0), "", "nginx", "1:9"},
		{"JSON form", "FROM a\nCOPY [\"x y\", \"z\"]\n", step(1, "args", 0), "", "x y", "2:8"},
		{"trigger", "FROM a\nONBUILD COPY --from=b x y\n", step(1, "trigger", "flags", 0), "", "--from=b", "2:14"},
		{"heredoc", "FROM a\nCOPY <<A <<B /x\none\nA\ntwo words\nB\n", step(1, "heredocs", 1), "words", "words", "5:5"},
		{"after a heredoc", "FROM a\nRUN <<A\nFROM b\nA\nUSER x\n", step(2, "args", 0), "", "x", "5:6"},
		{"syntax", "#  Syntax = docker/dockerfile:1\nFROM a\n", source.Path{"directives", "syntax"}, "", "docker/dockerfile:1", "1:13"},
		{"nearest ancestor", "FROM a\n", step(0, "args", 7), "", "FROM a", "1:1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := dockerfile(t, test.text)
			if got := covered(doc, test.path, test.part); got != test.want {
				t.Errorf("the span covers %q, want %q", got, test.want)
			}
			start := doc.Locate(test.path, test.part).Span.Start
			if at := fmt.Sprintf("%d:%d", start.Line, start.Column); at != test.at {
				t.Errorf("it begins at %s, want %s", at, test.at)
			}
		})
	}
}

func TestDockerfileErrors(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"unknown instruction", "FROM a\n\nFORM b\n", "line 3: unknown instruction: FORM (did you mean FROM?)"},
		{"heredoc", "FROM a\nRUN <<E\nx\n", "line 2: unterminated heredoc"},
		{"empty", "# nothing\n", "line 1: file with no instructions"},
		{"template", "{{ if x }}\nFROM a\n", "line 1: unknown instruction: {{; it looks like a template of another tool; exclude it if it is not used as it stands"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, errs := outcome(parse.File(file(source.Dockerfile, "Dockerfile", test.text)))
			if diff := cmp.Diff([]string{test.want}, errs); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
		})
	}
	if _, errs := parse.File(file(source.Dockerfile, "Dockerfile", "# syntax=example/frontend\nFROM a\nINCLUDE b\n")); errs != nil {
		t.Errorf("another frontend's instruction: %v", errs)
	}
}
