package config

import "testing"

// FuzzParse holds that a configuration is read or refused, and that one which is read can be asked everything.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"version: 1\n", "rules: {image/unpinned: {severity: low, params: {a: [1]}}}", "ignore: [{rule: '*', paths: ['**'], reason: x, until: 2027-01-01}]", "include: ['{a,b}/**', '[']", "limits: {file-size: 1GiB, render-time: -1s}",
		"helm: {values: [{chart: a, files: [../../x]}], kube-versions: [1.30, '1']}", "a: &a {<<: *a}", "- a", "~", "!!binary a", "rules: 1\nrules: 2", "pods: {level: x, version: v1.99}", "\xff", "? {a: b}\n: c",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Parse("plimsoll.yaml", data)
		if err != nil {
			return
		}
		_ = c.CheckRules([]string{"image/unpinned"}) // may well name others
		_, _ = c.Params(), c.Path()
		if c.Limits.FileSize <= 0 || c.Limits.RenderTime <= 0 || c.Limits.RenderMemory <= 0 {
			t.Fatalf("limits of %v are none", c.Limits)
		}
	})
}
