package cli_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
)

const configFile = ".github/plimsoll.yaml"

const deny = "package main\nimport rego.v1\ndeny contains msg if {\n\tinput.kind == \"Pod\"\n\tmsg := \"no pods\"\n}\n"

var policyFiles = map[string]string{
	configFile: "policies: [policies]\n", "policies/pods.rego": deny, "pod.yaml": podUsing("privileged: false"), oldFile: using("acme/a@main"),
}

// byRules are changes of what findings are judged by.
var byRules = map[string]changing{
	"a rule is switched on": {
		unpinned,
		map[string]string{configFile: "rules:\n  " + unpinned + ":\n    enabled: false\n", oldFile: using("acme/a@main")},
		func(c *checkout) { c.write(configFile, "version: 1\n") },
		[]string{unpinned + " " + oldFile},
		0,
	},
	"a rule weighs more": {
		unpinned,
		map[string]string{configFile: "rules:\n  " + unpinned + ":\n    severity: low\n", oldFile: using("acme/a@main")},
		func(c *checkout) { c.write(configFile, "version: 1\n") },
		[]string{unpinned + " " + oldFile},
		0,
	},
	"an ignore is taken away": {
		unpinned,
		map[string]string{configFile: "ignore:\n  - rule: " + unpinned + "\n    reason: old\n", oldFile: using("acme/a@main")},
		func(c *checkout) { c.write(configFile, "version: 1\n") },
		[]string{unpinned + " " + oldFile},
		0,
	},
	"a file is no more excluded": {
		unpinned,
		map[string]string{configFile: "exclude: ['**/old.yml']\n", oldFile: using("acme/a@main")},
		func(c *checkout) { c.write(configFile, "version: 1\n") },
		[]string{unpinned + " " + oldFile},
		0,
	},
	"the configuration changes beside it": {
		unpinned,
		map[string]string{configFile: "version: 1\n", oldFile: using("acme/a@main")},
		func(c *checkout) { c.write(configFile, "version: 1\nfail-on: low\n") }, nil, 1,
	},
	"the configuration that was is none": {
		unpinned,
		map[string]string{configFile: "nonsense: [\n", oldFile: using("acme/a@main")},
		func(c *checkout) { c.write(configFile, "version: 1\n") },
		[]string{unpinned + " " + oldFile},
		0,
	},
	"a policy is edited": {
		"conftest/*", policyFiles, func(c *checkout) { c.write("policies/pods.rego", "# Pods are for controllers.\n"+deny) },
		[]string{"conftest/main.deny pod.yaml"},
		0,
	},
	"a policy is not edited": {
		"conftest/*", policyFiles, func(c *checkout) { c.write("x.txt", "x") }, nil, 1,
	},
	"policies are added": {
		"conftest/*", map[string]string{"pod.yaml": podUsing("privileged: false")}, func(c *checkout) {
			c.write(configFile, "policies: [policies]\n")
			c.write("policies/pods.rego", deny)
		}, []string{"conftest/main.deny pod.yaml"}, 0,
	},
	"a chart's lock is taken away": {
		lockRule, map[string]string{
			"web/Chart.yaml": chartYAML + "dependencies:\n  - name: redis\n    version: ^1.0.0\n    repository: https://charts.example.com\n",
			"web/Chart.lock": "dependencies:\n  - name: redis\n    repository: https://charts.example.com\n    version: 1.2.3\ndigest: sha256:0\ngenerated: \"2026-01-01T00:00:00Z\"\n",
		}, func(c *checkout) { c.git("rm", "--quiet", "web/Chart.lock") }, []string{lockRule + " web/Chart.yaml"}, -1,
	},
}

// What a change is judged by may be a part of it.
func TestScopeOfChangedRules(t *testing.T) {
	for name, test := range byRules {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.run(t)
		})
	}
}

const lockRule = "helm/unpinned-dependency"

// A submodule is lint's own business elsewhere; that it moved on makes nothing here new.
func TestScopeOfSubmodule(t *testing.T) {
	t.Parallel()
	other := newCheckout(t)
	other.write("pod.yaml", podUsing("privileged: true"))
	other.commit()
	c := newCheckout(t)
	c.write(oldFile, using("acme/a@main"))
	c.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "file://"+other.dir, "lib")
	base := c.commit()
	other.write("pod.yaml", podUsing("privileged: false"))
	next := other.commit()
	c.git("-C", "lib", "-c", "protocol.file.allow=always", "fetch", "--quiet")
	c.git("-C", "lib", "checkout", "--quiet", next)
	c.commit()
	r := c.lint("--since="+base, "--rule="+unpinned)
	if got := told(r); len(got) > 0 || r.Hidden()[finding.ByScope] != 1 {
		t.Errorf("counts %q, hidden %v", got, r.Hidden())
	}
	holdWhole(t, c, r, "--rule="+unpinned)
}

// A chart's dependencies that were fetched and are ignored by Git are there for the old state too.
func TestScopeWithFetchedDependencies(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	c.write(".gitignore", "web/charts/\n")
	c.write("web/Chart.yaml", chartYAML+"dependencies:\n  - name: dep\n    version: 1.0.0\n    repository: https://charts.example.com\n")
	c.write("web/values.yaml", "a: 1\n")
	c.write("web/charts/dep/Chart.yaml", "apiVersion: v2\nname: dep\nversion: 1.0.0\n")
	c.write("web/charts/dep/templates/pod.yaml", podUsing("privileged: true"))
	base := c.commit()
	c.write("web/values.yaml", "a: 2\n")
	c.commit()
	r := c.lint("--since="+base, "--rule=kubernetes/privileged")
	if got := told(r); len(got) > 0 || r.Hidden()[finding.ByScope] != 1 {
		t.Errorf("counts %q, hidden %v", got, r.Hidden())
	}
}

// Ignores that the change itself adds are told apart from those that were there.
func TestIgnoresAdded(t *testing.T) {
	const ignore = "ignore:\n  - rule: " + unpinned + "\n    paths: [%s]\n    reason: ours\n"
	entry := func(paths string) string { return strings.ReplaceAll(ignore, "%s", paths) }
	comment := using("acme/a@main # plimsoll: ignore[" + unpinned + "] ours")
	for name, test := range map[string]struct {
		before, after map[string]string
		want          int // ignored findings of which the ignore is new
	}{
		"a comment on what was there": {map[string]string{oldFile: using("acme/a@main")}, map[string]string{oldFile: comment}, 1},
		"a comment in a new file":     {nil, map[string]string{newFile: comment}, 1},
		"a comment that was there":    {map[string]string{oldFile: comment}, map[string]string{oldFile: "# more\n" + comment}, 0},
		"a comment that moves":        {map[string]string{oldFile: comment}, map[string]string{newFile: comment, oldFile: ""}, 0},
		"another linter's comment": {
			map[string]string{oldFile: using("acme/a@main")},
			map[string]string{oldFile: using("acme/a@main # zizmor: ignore[unpinned-uses]")},
			1,
		},
		"an entry": {map[string]string{oldFile: using("acme/a@main")}, map[string]string{configFile: entry("'**/old.yml'")}, 1},
		"an entry that reaches further": {
			map[string]string{oldFile: using("acme/a@main"), configFile: entry("x.yml")}, map[string]string{configFile: entry("'**'")}, 1,
		},
		"an entry that was there, for what was": {
			map[string]string{oldFile: using("acme/a@main"), configFile: entry("'**'")}, map[string]string{"x.txt": "x"}, 0,
		},
		"an entry that was there, for what is new": {
			map[string]string{configFile: entry("'**'")}, map[string]string{newFile: using("acme/a@main")}, 0,
		},
		"an entry that moves down": {
			map[string]string{configFile: entry("'**'")},
			map[string]string{configFile: "version: 1\n" + entry("'**'"), newFile: using("acme/a@main")},
			0,
		},
		"an entry that is renewed": {
			map[string]string{configFile: entry("'**'") + "    expires: 2020-01-01\n", oldFile: using("acme/a@main")},
			map[string]string{configFile: entry("'**'") + "    expires: 2999-01-01\n"},
			1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCheckout(t)
			c.put(test.before)
			base := c.commit()
			c.put(test.after)
			c.commit()
			for _, scope := range []string{"changed", "all"} {
				c.pullRequest(base, c.git("rev-parse", "HEAD"), "acme/app")
				r := c.lint("--rule="+unpinned, "--scope="+scope)
				if got := len(r.Added()); got != test.want || r.Verdict != finding.Pass {
					t.Errorf("scope %s: %d ignores added, verdict %s; want %d, pass", scope, got, r.Verdict, test.want)
				}
			}
		})
	}
}

// put writes files, and removes those without a text.
func (c *checkout) put(files map[string]string) {
	c.t.Helper()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if files[name] == "" {
			c.git("rm", "--quiet", name)
			continue
		}
		c.write(name, files[name])
	}
}

// A baseline that the change extends hides nothing unseen.
func TestIgnoresAddedToBaseline(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	c.write(oldFile, using("acme/a@main"))
	c.lint("--rule="+unpinned, "--write-baseline=known.json")
	base := c.commit()
	c.write(newFile, using("acme/b@main"))
	c.lint("--rule="+unpinned, "--write-baseline=known.json")
	c.commit()
	c.pullRequest(base, c.git("rev-parse", "HEAD"), "acme/app")
	r := c.lint("--rule="+unpinned, "--baseline=known.json")
	if got := r.Added(); len(got) != 1 || got[0].Location.Path != newFile || r.Hidden()[finding.ByBaseline] != 2 {
		t.Errorf("%d entries added, hidden %v", len(got), r.Hidden())
	}
	if !noticed(r, "edits what it is judged by: known.json") {
		t.Errorf("notices %q", r.Stats.Notices)
	}
}

// Where ignores that a change adds do not count, the change cannot say otherwise, and a clone without the base neither.
func TestIgnoresAddedFail(t *testing.T) {
	strict := "ignores-added: fail\n"
	comment := using("acme/a@main # plimsoll: ignore[" + unpinned + "] ours")
	for name, test := range map[string]struct {
		before, after map[string]string
		shallow       bool
		want          finding.Verdict
	}{
		"added":     {map[string]string{configFile: strict}, map[string]string{newFile: comment}, false, finding.Fail},
		"was there": {map[string]string{configFile: strict, oldFile: comment}, map[string]string{"x": "x"}, false, finding.Pass},
		"lifted": {
			map[string]string{configFile: strict}, map[string]string{configFile: "ignores-added: report\n", newFile: comment}, false, finding.Fail,
		},
		"taken away":    {map[string]string{configFile: strict}, map[string]string{configFile: "", newFile: comment}, false, finding.Fail},
		"brought along": {nil, map[string]string{configFile: strict, newFile: comment}, false, finding.Fail},
		"no base":       {map[string]string{configFile: strict, oldFile: comment}, map[string]string{"x": "x"}, true, finding.Fail},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCheckout(t)
			c.put(test.before)
			base := c.commit()
			c.put(test.after)
			head := c.commit()
			if test.shallow {
				c.clone("--depth=1")
			}
			c.pullRequest(base, head, "acme/app")
			if r := c.lint("--rule=" + unpinned); r.Verdict != test.want {
				t.Errorf("verdict %s, want %s; notices %q", r.Verdict, test.want, r.Stats.Notices)
			}
		})
	}
}

// Nothing of the state that was laid out outlives the run, and nothing of it is told.
func TestNothingIsLeftOfTheBase(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	c := newCheckout(t)
	c.write("web/Chart.yaml", chartYAML)
	c.write("web/templates/pod.yaml", podUsing("privileged: true"))
	base := c.commit()
	c.write("web/templates/more.yaml", strings.ReplaceAll(podUsing("privileged: true"), "name: web", "name: more"))
	c.commit()
	r := c.lint("--since=" + base)
	for _, f := range r.Findings {
		if strings.Contains(f.Message, "plimsoll-base") {
			t.Errorf("%s: %s", f.RuleID, f.Message)
		}
	}
	left, err := os.ReadDir(temporary)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range left {
		if strings.HasPrefix(entry.Name(), "plimsoll-base") {
			t.Errorf("left behind: %s", entry.Name())
		}
	}
	if diff := cmp.Diff([]string{"kubernetes/privileged web/templates/more.yaml"}, told(c.lint("--since="+base, "--rule=kubernetes/privileged"))); diff != "" {
		t.Errorf("findings that count (-want +got):\n%s", diff)
	}
}

// What is put before an item without a name does not make it another one.
func TestScopeOfItemsWithoutNames(t *testing.T) {
	steps := strings.TrimSuffix(using("acme/a@main"), "      - uses: acme/a@main\n")
	inject := "      - run: echo ${{ github.event.pull_request.title }}\n"
	for name, test := range map[string]changing{
		"an instruction": {
			"image/mutable-tag",
			map[string]string{"Dockerfile": "FROM golang:1.26.1 AS build\nCOPY vendor .\nRUN go build\nFROM debian:latest\nCOPY --from=build /x /x\n"},
			func(c *checkout) {
				c.write("Dockerfile", "FROM golang:1.26.1 AS build\nRUN go build\nFROM debian:latest\nCOPY --from=build /x /x\n")
			}, nil, 1,
		},
		"a step": {
			"workflow/template-injection",
			map[string]string{oldFile: strings.Replace(steps, "on: push", "on: pull_request_target", 1) + inject},
			func(c *checkout) {
				c.write(oldFile, strings.Replace(steps, "on: push", "on: pull_request_target", 1)+"      - run: make\n      - run: make test\n"+inject)
			}, nil, 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.run(t)
		})
	}
}
