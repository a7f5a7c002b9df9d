package peers

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// importing reads the files given, by name.
func importing(t *testing.T, files map[string]string) *Settings {
	t.Helper()
	s, err := Import(func(name string) ([]byte, bool, error) {
		text, found := files[name]
		return []byte(text), found, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

type importCase struct {
	files map[string]string
	want  Settings
}

func (c importCase) run(t *testing.T) {
	got := importing(t, c.files)
	if diff := cmp.Diff(c.want, *got, cmpopts.IgnoreFields(Settings{}, "From"), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

const z, p = ".github/zizmor.yml", ".pinact.yaml"

func TestImport(t *testing.T) {
	off := false
	for name, c := range map[string]importCase{
		"nothing": {nil, Settings{}},
		"disabled": {
			map[string]string{z: "rules:\n  secrets-inherit:\n    disable: true\n  artipacked: {disable: false}\n"},
			Settings{Rules: map[string]*Rule{"workflow/secrets-inherit": {Enabled: &off}}},
		},
		"a rule that judges more than workflows": {
			map[string]string{z: "rules:\n  dependabot-cooldown:\n    disable: true\n    remap: {severity: high}\n"},
			Settings{
				Ignore:  []Ignore{{"dependencies/missing-cooldown", looksAt, z + " disables dependabot-cooldown"}},
				Remarks: []string{z + ": rules.dependabot-cooldown.remap.severity is left out: dependencies/missing-cooldown judges more than workflows"},
			},
		},
		"ignored": {
			map[string]string{z: "rules:\n  template-injection:\n    ignore:\n      - safe.yml\n      - ci.yml:12:3\n      - ci.yml:40\n      - ../x.yml\n  dependabot-cooldown:\n    ignore: [dependabot.yml]\n"},
			Settings{
				Ignore: []Ignore{
					{"dependencies/missing-cooldown", []string{".github/dependabot.yml"}, z + " ignores dependabot.yml"},
					{"workflow/template-injection", []string{".github/workflows/safe.yml"}, z + " ignores safe.yml"},
					{"workflow/template-injection", []string{".github/workflows/ci.yml"}, z + " ignores ci.yml:12:3, ci.yml:40"},
				},
				Remarks: []string{
					z + ": the entry ci.yml:12:3 means one line, and covers the whole file here: a comment on that line, plimsoll: ignore[workflow/template-injection] and a reason, is narrower",
					z + ": the entry ci.yml:40 means one line, and covers the whole file here: a comment on that line, plimsoll: ignore[workflow/template-injection] and a reason, is narrower",
					z + `: the entry "../x.yml" is left out: it names no workflow`,
				},
			},
		},
		"severity": {
			map[string]string{z: "rules: {artipacked: {remap: {severity: informational}}}\n"},
			Settings{Rules: map[string]*Rule{"workflow/persisted-credentials": {Severity: "info"}}},
		},
		"the first of several": {
			map[string]string{"zizmor.yml": "rules: {artipacked: {disable: true}}", z: "rules: {secrets-inherit: {disable: true}}"},
			Settings{Rules: map[string]*Rule{"workflow/secrets-inherit": {Enabled: &off}}},
		},
	} {
		t.Run(name, c.run)
	}
}

func TestImportParameters(t *testing.T) {
	for name, c := range map[string]importCase{
		"policies": {
			map[string]string{z: "rules:\n  unpinned-uses:\n    config:\n      policies: {'actions/*': ref-pin, 'a/b@v1': any, '*': hash-pin}\n", p: "ignore_actions:\n  - {name: actions/.*, ref: .*}\n  - {name: own/repo\\.x/.*, ref: main}\n  - {name: own/(a|b)}\n"},
			Settings{
				Rules: map[string]*Rule{"workflow/unpinned-action": {Params: map[string]any{
					"policies": map[string]any{"actions/*": "ref", "*": "hash", "own/repo.x/*": "ref"},
				}}},
				Remarks: []string{
					z + ": the policy any of a/b@v1 is left out: no parameter means that",
					p + ": own/repo\\.x/.* is ignored at the ref main, and at any ref here",
					p + ": the action own/(a|b) is left out: no pattern means that expression",
				},
			},
		},
		"parameters": {
			map[string]string{z: "rules:\n  forbidden-uses: {config: {deny: [a/b, 'c/d@v1']}}\n  dependabot-cooldown: {config: {days: 3}}\n  secrets-outside-env: {config: {allow: [X]}}\n  ref-confusion: {disable: true}\n"},
			Settings{
				Rules: map[string]*Rule{
					"workflow/action-not-allowed":   {Params: map[string]any{"deny": []any{"a/b"}}},
					"dependencies/missing-cooldown": {Params: map[string]any{"days": 3}},
				},
				Remarks: []string{
					z + ": the pattern c/d@v1 is left out: patterns of deny name no ref",
					z + ": rules.ref-confusion is left out: no rule finds that",
					z + ": rules.secrets-outside-env.config.allow is left out: no parameter means that",
				},
			},
		},
	} {
		t.Run(name, c.run)
	}
}

func TestImportRefusesWhatIsNoConfiguration(t *testing.T) {
	for name, text := range map[string]string{"zizmor.yml": "rules: [a]", ".pinact.yaml": "ignore_actions: {"} {
		_, err := Import(func(n string) ([]byte, bool, error) { return []byte(text), n == name, nil })
		if err == nil || !strings.HasPrefix(err.Error(), name+": ") {
			t.Errorf("%s: error %v does not name the file", name, err)
		}
	}
}

func TestPatternOf(t *testing.T) {
	for expression, want := range map[string]string{
		"actions/checkout": "actions/checkout", `^own/repo\.x$`: "own/repo.x", "own/.*": "own/*", "own/repo/.*": "own/repo/*", ".*": "*",
		"own/a.*": "", "own/a|b/c": "", "own": "", "": "", "own/[ab]": "",
	} {
		if got := patternOf(expression); got != want {
			t.Errorf("%s: pattern %q, want %q", expression, got, want)
		}
	}
}
