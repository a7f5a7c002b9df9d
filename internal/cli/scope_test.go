package cli_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
)

const (
	oldFile = ".github/workflows/old.yml"
	newFile = ".github/workflows/new.yml"
)

var onlyNew = []string{unpinned + " " + newFile}

// proposed makes a repository whose main branch has one finding and whose branch adds another one, and gives the commits. The
// merge of both is checked out, as GitHub makes it; main has gone on since, to a third finding.
func proposed(t *testing.T) (c *checkout, base, head string) {
	t.Helper()
	c = newCheckout(t)
	c.write(oldFile, using("acme/old@main"))
	base = c.commit()
	c.git("checkout", "--quiet", "-b", "branch")
	c.write(newFile, using("acme/new@main"))
	head = c.commit()
	c.git("checkout", "--quiet", "main")
	c.write(".github/workflows/others.yml", using("acme/others@main"))
	c.commit()
	c.git("checkout", "--quiet", "--detach")
	c.git("merge", "--quiet", "--no-ff", "--message=merge", "branch")
	return c, base, head
}

const (
	zeros   = "0000000000000000000000000000000000000000"
	unknown = "everything counts, since it cannot be told what the change is"
)

var all = []string{unpinned + " " + newFile, unpinned + " " + oldFile, unpinned + " .github/workflows/others.yml"}

// byEvent is what counts of that, by what GitHub says that the run is about.
var byEvent = map[string]struct {
	arrange func(c *checkout, base, head string)
	args    []string
	want    []string
	notice  string
}{
	"pull request, base gone on": {
		arrange: func(c *checkout, base, head string) { c.pullRequest(base, head, "acme/app") }, want: onlyNew,
	},
	"pull request, all asked for": {
		arrange: func(c *checkout, base, head string) { c.pullRequest(base, head, "acme/app") },
		args:    []string{"--scope=all"}, want: all,
	},
	"pull request of a fork": {
		arrange: func(c *checkout, base, head string) { c.pullRequest(base, head, "stranger/app") }, want: onlyNew,
	},
	"pull request, run again": {
		arrange: func(c *checkout, base, head string) {
			c.pullRequest(base, head, "acme/app")
			c.env["GITHUB_RUN_ATTEMPT"] = "2"
		}, want: onlyNew,
	},
	"pull request, its head checked out": {
		arrange: func(c *checkout, base, head string) {
			c.git("checkout", "--quiet", head)
			c.pullRequest(base, head, "acme/app")
			c.env["GITHUB_SHA"] = c.git("rev-parse", "main")
		}, want: onlyNew,
	},
	"pull request, two commits fetched": {
		arrange: func(c *checkout, base, head string) {
			c.git("checkout", "--quiet", "-B", "merged")
			c.clone("--depth=2", "--branch=merged")
			c.pullRequest(base, head, "acme/app")
		}, want: onlyNew,
	},
	"pull request, one commit fetched": {
		arrange: func(c *checkout, base, head string) {
			c.git("checkout", "--quiet", "-B", "merged")
			c.clone("--depth=1", "--branch=merged")
			c.pullRequest(base, head, "acme/app")
		}, want: all, notice: unknown,
	},
	"merge group": {
		arrange: func(c *checkout, _, _ string) {
			c.event("merge_group", "refs/heads/gh-readonly-queue/main/pr-4", map[string]any{"merge_group": map[string]any{
				"head_sha": c.git("rev-parse", "HEAD"), "base_sha": c.git("rev-parse", "main"),
			}})
		}, want: onlyNew,
	},
	"push to the default branch": {
		arrange: func(c *checkout, base, _ string) { c.event("push", "refs/heads/main", map[string]any{"before": base}) },
		want:    all,
	},
	"push to the default branch, the change asked for": {
		arrange: func(c *checkout, _, _ string) {
			c.event("push", "refs/heads/main", map[string]any{"before": c.git("rev-parse", "main")})
		}, args: []string{"--scope=changed"}, want: onlyNew,
	},
	"forced push, the old commit is here": { // the two parted at the first commit, where no other workflow was
		arrange: func(c *checkout, _, head string) {
			c.git("checkout", "--quiet", "main")
			c.event("push", "refs/heads/main", map[string]any{"before": head})
		}, args: []string{"--scope=changed"}, want: []string{unpinned + " .github/workflows/others.yml"},
	},
	"forced push, the old commit is gone": {
		arrange: func(c *checkout, _, _ string) {
			c.event("push", "refs/heads/main", map[string]any{"before": "1234567890123456789012345678901234567890"})
		}, args: []string{"--scope=changed"}, want: all, notice: unknown,
	},
	"new branch": {
		arrange: func(c *checkout, _, _ string) {
			c.git("update-ref", "refs/remotes/origin/main", "main")
			c.event("push", "refs/heads/branch", map[string]any{"before": zeros})
		}, args: []string{"--scope=changed"}, want: onlyNew,
	},
	"first commit": {
		arrange: func(c *checkout, base, _ string) {
			c.git("checkout", "--quiet", base)
			c.event("push", "refs/heads/main", map[string]any{"before": zeros})
		}, args: []string{"--scope=changed"}, want: []string{unpinned + " " + oldFile}, notice: unknown,
	},
	"tag": {
		arrange: func(c *checkout, _, _ string) { c.event("push", "refs/tags/v1", map[string]any{"before": zeros}) },
		args:    []string{"--scope=changed"}, want: all, notice: unknown,
	},
	"schedule": {arrange: func(c *checkout, _, _ string) { c.event("schedule", "refs/heads/main", nil) }, want: all},
	"started by hand on a branch": {
		arrange: func(c *checkout, _, _ string) {
			c.git("update-ref", "refs/remotes/origin/main", "main")
			c.event("workflow_dispatch", "refs/heads/branch", nil)
		}, args: []string{"--scope=changed"}, want: onlyNew,
	},
	"outside of Actions": {arrange: func(*checkout, string, string) {}, want: all},
	"outside of Actions, the change asked for": {
		arrange: func(c *checkout, _, _ string) {
			c.git("update-ref", "refs/remotes/origin/main", "main")
			c.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
		}, args: []string{"--scope=changed"}, want: onlyNew,
	},
}

// What GitHub starts a run for decides what it is about, and any clone will do: where the base cannot be had everything
// counts, and that is said.
func TestScopeByEvent(t *testing.T) {
	for name, test := range byEvent {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, base, head := proposed(t)
			test.arrange(c, base, head)
			r := c.lint(append(test.args, "--rule="+unpinned)...)
			if diff := cmp.Diff(test.want, told(r)); diff != "" {
				t.Errorf("findings that count (-want +got):\n%s", diff)
			}
			if noticed(r, unknown) != (test.notice != "") {
				t.Errorf("notices %q, want one: %t", r.Stats.Notices, test.notice != "")
			}
		})
	}
}

// changing is a change to files that were there, and what of it counts.
type changing struct {
	rule   string
	before map[string]string
	change func(c *checkout)
	want   []string
	hidden int // findings outside the change
}

const chartYAML = "apiVersion: v2\nname: web\nversion: 1.0.0\n"

// podUsing is a Pod with a line of its security context.
func podUsing(line string) string {
	return "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n" +
		"      image: example.com/web:1.2.3\n      securityContext:\n        " + line + "\n"
}

const (
	privileged = "kubernetes/privileged"
	overlay    = "resources:\n  - ../base\n"
)

var (
	template    = podUsing("privileged: {{ .Values.privileged }}")
	conditional = "{{- if .Values.debug }}\n" + podUsing("privileged: true") + "{{- end }}\n"
)

// byChange are changes of every kind that a commit can have.
var byChange = map[string]changing{
	"a value makes an untouched template bad": {
		privileged,
		map[string]string{"web/Chart.yaml": chartYAML, "web/values.yaml": "debug: false\n", "web/templates/web.yaml": conditional},
		func(c *checkout) { c.write("web/values.yaml", "debug: true\n") },
		[]string{privileged + " web/templates/web.yaml"},
		0,
	},
	"a value beside what was bad": {
		privileged,
		map[string]string{"web/Chart.yaml": chartYAML, "web/values.yaml": "privileged: true\n", "web/templates/web.yaml": template},
		func(c *checkout) { c.write("web/values.yaml", "privileged: true\nother: 1\n") }, nil, 1,
	},
	"another environment of what was bad": {
		privileged,
		map[string]string{"web/Chart.yaml": chartYAML, "web/values.yaml": "privileged: true\n", "web/templates/web.yaml": template},
		func(c *checkout) { c.write("web/ci/a-values.yaml", "other: 1\n") }, nil, 1,
	},
	"a patch in an overlay": {
		privileged, map[string]string{
			"base/kustomization.yaml": "resources:\n  - pod.yaml\n", "base/pod.yaml": podUsing("privileged: false"), "prod/kustomization.yaml": overlay,
		}, func(c *checkout) {
			c.write("prod/kustomization.yaml", overlay+"patches:\n  - path: patch.yaml\n")
			c.write("prod/patch.yaml", podUsing("privileged: true"))
		}, []string{privileged + " prod/patch.yaml"}, 0,
	},
	"a base that more are built of": {
		privileged, map[string]string{
			"base/kustomization.yaml": "resources:\n  - pod.yaml\n", "base/pod.yaml": podUsing("privileged: true"),
		}, func(c *checkout) { c.write("prod/kustomization.yaml", overlay) }, nil, 1,
	},
	"a chart that is moved": {
		privileged,
		map[string]string{"web/Chart.yaml": chartYAML, "web/values.yaml": "privileged: true\n", "web/templates/web.yaml": template},
		func(c *checkout) { c.git("mv", "web", "shop") }, nil, 1,
	},
	"a chart that was broken and is moved": {
		"render-error",
		map[string]string{"web/Chart.yaml": chartYAML, "web/templates/web.yaml": "{{ .Values.a.b.c }}\n"},
		func(c *checkout) { c.git("mv", "web", "shop") }, nil, 1,
	},
	"a manifest that is renamed and edited": {
		"kubernetes/*",
		map[string]string{"a.yaml": podUsing("privileged: true")},
		func(c *checkout) {
			c.git("mv", "a.yaml", "b.yaml")
			c.write("b.yaml", podUsing("privileged: true")+"  hostNetwork: true\n")
		},
		[]string{"kubernetes/host-namespaces b.yaml"},
		-1,
	},
	"a workflow that is switched on": {
		unpinned,
		map[string]string{"off.yml": using("acme/a@main")},
		func(c *checkout) { c.switchOn("off.yml") }, onlyNew, 0,
	},
	"a file that is deleted": {
		unpinned,
		map[string]string{oldFile: using("acme/a@main"), newFile: using("acme/b@main")},
		func(c *checkout) { c.git("rm", "--quiet", oldFile) }, nil, 1,
	},
	"a file that becomes executable": {
		unpinned,
		map[string]string{oldFile: using("acme/a@main")},
		func(c *checkout) {
			c.git("update-index", "--chmod=+x", oldFile)
			c.git("commit", "-qm", "x")
			c.git("checkout", "-q", ".")
		}, nil, 1,
	},
	"a file whose lines end otherwise": {
		unpinned,
		map[string]string{oldFile: using("acme/a@main")},
		func(c *checkout) { c.write(oldFile, crlf(using("acme/a@main"))) }, nil, 1,
	},
	"a file whose lines end otherwise, and one more": {
		unpinned,
		map[string]string{oldFile: crlf(using("acme/a@main"))},
		func(c *checkout) { c.write(oldFile, using("acme/a@main")); c.write(newFile, using("acme/b@main")) }, onlyNew, 1,
	},
	"a binary": {
		unpinned,
		map[string]string{oldFile: using("acme/a@main"), "logo.png": "\x89PNG\x00\x01"},
		func(c *checkout) { c.write("logo.png", "\x89PNG\x00\x02") }, nil, 1,
	},
	"a symbolic link": {
		unpinned,
		map[string]string{oldFile: using("acme/a@main")},
		func(c *checkout) { c.link("old.yml", newFile); c.link("/etc/passwd", "out") }, nil, 1,
	},
	"a line before what was bad": {
		unpinned,
		map[string]string{oldFile: using("acme/a@main")},
		func(c *checkout) { c.write(oldFile, "# one more\n"+using("acme/a@main")) }, nil, 1,
	},
	"the same once more": {
		unpinned,
		map[string]string{oldFile: using("acme/a@main")},
		func(c *checkout) { c.write(oldFile, using("acme/a@main")+"      - uses: acme/a@main\n") },
		[]string{unpinned + " " + oldFile},
		1,
	},
}

func TestScopeByChange(t *testing.T) {
	for name, test := range byChange {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.run(t)
		})
	}
}

func (test changing) run(t *testing.T) {
	c := newCheckout(t)
	for name, text := range test.before {
		c.write(name, text)
	}
	base := c.commit()
	test.change(c)
	c.commit()
	r := c.lint("--since="+base, "--rule="+test.rule)
	if diff := cmp.Diff(test.want, told(r)); diff != "" {
		t.Errorf("findings that count (-want +got):\n%s", diff)
	}
	if got := r.Hidden()[finding.ByScope]; test.hidden >= 0 && got != test.hidden {
		t.Errorf("%d findings outside the change, want %d", got, test.hidden)
	}
	holdWhole(t, c, r, "--rule="+test.rule)
}

// holdWhole holds that what counts and what is hidden for the change are all that is found.
func holdWhole(t *testing.T, c *checkout, r *finding.Report, args ...string) {
	t.Helper()
	names := func(r *finding.Report) map[string]string {
		all := map[string]string{}
		for _, f := range r.Findings {
			by := ""
			if !f.Active() && f.Suppressed.By != finding.ByScope {
				by = string(f.Suppressed.By)
			}
			all[f.Fingerprint] = f.RuleID + " " + f.Message + by
		}
		return all
	}
	c.env = map[string]string{}
	if diff := cmp.Diff(names(c.lint(args...)), names(r)); diff != "" {
		t.Errorf("all that is found, and what a change leaves of it and hides (-all +change):\n%s", diff)
	}
}
