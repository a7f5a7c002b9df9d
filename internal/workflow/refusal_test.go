package workflow

import "testing"

// TestRefuses holds which releases of actions/checkout refuse a fork's code, by tag, by commit, and by the comment that
// names a commit's release.
func TestRefuses(t *testing.T) {
	tests := []struct {
		version, comment string
		want             bool
	}{
		{"v4", "", true},
		{"v1", "", false},
		{"v4.3.1", "", false},
		{"v4.4.0", "", true},
		{"v5.0.0", "", false},
		{"v5.1", "", true},
		{"v7.0.0", "", true},
		{"v12", "", true},
		{"main", "", true},
		{"releases/v4", "", false},
		{"3d3c42e5aac5ba805825da76410c181273ba90b1", "", true},
		{"08c6903cd8c0fde910a37f88322edcfb5dd907a8", "", false},
		{"08c6903cd8c0fde910a37f88322edcfb5dd907a8", "v5.0.0", false},
		{"0000000000000000000000000000000000000001", "v7.0.2 of the summer", true},
		{"0000000000000000000000000000000000000001", "v6", false}, // it may be any release of them
	}
	for _, tt := range tests {
		step := Step{Uses: "actions/checkout@" + tt.version}
		if got := step.refuses("pull_request_target", tt.comment); got != tt.want {
			t.Errorf("%s # %s: got %v", tt.version, tt.comment, got)
		}
		if step.refuses("issue_comment", tt.comment) {
			t.Errorf("%s: issue_comment is let through by all releases", tt.version)
		}
		step.With = map[string]any{"allow-unsafe-pr-checkout": true}
		if step.refuses("workflow_run", tt.comment) {
			t.Errorf("%s: refuses what is allowed", tt.version)
		}
	}
}
