package build_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/build"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func factsOf(t *testing.T, text string) *build.Facts {
	t.Helper()
	docs, faults := parse.File(&source.File{Path: "Dockerfile", Kind: source.Dockerfile, Data: []byte(text)})
	if len(docs) != 1 || len(faults) > 0 {
		t.Fatal(faults)
	}
	return build.Of(docs[0], nil)
}

func TestUser(t *testing.T) {
	cases := map[string]struct{ text, want string }{
		"last of several":           {"FROM a\nUSER app\nUSER root\n", "root true  instructions[2].args[0]"},
		"by number and group":       {"FROM a\nUSER 0:1000\n", "0:1000 true  instructions[1].args[0]"},
		"in an earlier stage only":  {"FROM a AS b\nUSER root\nFROM c\nUSER 1000\n", "1000 false  instructions[3].args[0]"},
		"inherited from a stage":    {"FROM a AS Base\nUSER root\nFROM base\nRUN x\n", "root true  instructions[1].args[0]"},
		"nobody says":               {"FROM a AS b\nFROM b\n", " false a instructions[0].args[0]"},
		"nobody says, empty image":  {"FROM scratch\nCOPY x /\nENTRYPOINT [\"/x\"]\n", " true  instructions[0].args[0]"},
		"nothing is started":        {"FROM scratch\nCOPY x /\n", " false  instructions[0].args[0]"},
		"argument with a default":   {"FROM a\nARG uid=0\nUSER ${uid}\n", "${uid} true  instructions[2].args[0]"},
		"variable":                  {"FROM a\nENV U=app\nUSER $U\n", "$U false  instructions[2].args[0]"},
		"argument without one":      {"FROM a\nARG uid\nUSER $uid\n", "$uid false  instructions[2].args[0]"},
		"a stage that names itself": {"FROM a AS a\nRUN x\n", " false a instructions[0].args[0]"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			u := factsOf(t, c.text).User
			if got := fmt.Sprintf("%s %v %s %s", u.Name, u.Root, u.Base, u.Path); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	if u := factsOf(t, "ARG a=b\nFROM scratch\n").User; u == nil {
		t.Error("no user of a Dockerfile with a global argument")
	}
}

func TestAdds(t *testing.T) {
	const commit = "3f1c9f8e6a2b4c5d7e8f9a0b1c2d3e4f5a6b7c8d"
	cases := map[string]struct {
		text string
		want []string
	}{
		"file":         {"ADD https://example.com/a.tgz /a", []string{"https://example.com/a.tgz none"}},
		"checksum":     {"ADD --checksum=sha256:00 https://example.com/a.tgz /a", nil},
		"local":        {"ADD a.tgz /a", nil},
		"raw commit":   {"ADD https://raw.githubusercontent.com/o/r/" + commit + "/f /f", nil},
		"git branch":   {"ADD https://github.com/o/r.git#main:docs /r", []string{"https://github.com/o/r.git#main:docs branch"}},
		"git commit":   {"ADD git@github.com:o/r.git#" + commit + " /r", nil},
		"git checksum": {"ADD https://github.com/o/r.git?tag=v1&checksum=" + commit + " /r", nil},
		"git alone":    {"ADD https://github.com/o/r.git /r", []string{"https://github.com/o/r.git none"}},
		"verified":     {"ADD https://example.com/a.tgz /tmp/\nRUN echo \"00  /tmp/a.tgz\" | sha256sum -c", nil},
		"other file is verified": {
			"ADD https://example.com/a.tgz /tmp/\nRUN echo \"00  /tmp/b.tgz\" | sha256sum -c", []string{"https://example.com/a.tgz none"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, a := range factsOf(t, "FROM a\n"+c.text+"\n").Adds {
				got = append(got, a.URL+" "+string(a.Pin))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSecrets(t *testing.T) {
	facts := factsOf(t, `FROM a AS b
ARG NPM_TOKEN
ARG DB_PASSWORD=hunter2 GPG_KEY=0D96DF
FROM c
ENV API_KEY=$K SECRET_FILE=/run/x TOKEN= AWS_ACCESS_KEY_ID=AK
ENV DB_PASSWORD=/run/secrets/db PUBLIC_TOKEN=a AWS_SECRET_ACCESS_KEY=b
ARG K
ENV API_KEY=$K
ENV A_TOKEN=$B_TOKEN B_TOKEN={token} C_TOKEN=$API_KEY
ENV D_TOKEN=${NONE:-} E_TOKEN=${NONE-x} F_TOKEN=${NONE:+x}
`)
	var got []string
	for _, s := range facts.Secrets {
		got = append(got, fmt.Sprintf("%s %s value=%v final=%v %s", s.Cmd, s.Name, s.Value, s.Final, s.Path))
	}
	want := []string{
		"arg NPM_TOKEN value=false final=false instructions[1].args[0]",
		"arg DB_PASSWORD value=true final=false instructions[2].args[0]",
		"env AWS_SECRET_ACCESS_KEY value=true final=true instructions[5].args[5]",
		"env API_KEY value=false final=true instructions[7].args[1]",
		"env C_TOKEN value=false final=true instructions[8].args[5]",
		"env E_TOKEN value=false final=true instructions[9].args[3]",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A Dockerfile of many stages, each upon the one before, takes no more time than it has lines.
func TestManyStages(t *testing.T) {
	var b strings.Builder
	b.WriteString("FROM alpine AS s0\nARG NPM_TOKEN\nUSER root\n")
	for i := range 20_000 {
		fmt.Fprintf(&b, "FROM s%d AS s%d\n", i, i+1)
	}
	start := time.Now()
	facts := factsOf(t, b.String())
	if len(facts.Secrets) != 1 || !facts.Secrets[0].Final || !facts.User.Root {
		t.Errorf("the first stage is part of the image: %+v, %+v", facts.Secrets, facts.User)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %s", took)
	}
}
