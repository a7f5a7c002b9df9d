package git

import "testing"

// FuzzPatchLines holds that a patch, which the API of GitHub tells, gives ranges of lines that are some, or an error.
func FuzzPatchLines(f *testing.F) {
	for _, seed := range []string{
		"@@ -1,2 +1,3 @@\n a\n+b\n c", "@@ -1 +0,0 @@\n-a", "@@ -0,0 +1 @@\n+a\n\\ No newline at end of file", "@@ -1,2 +1,99999999999 @@\n", "@@ -1,-2 +1,2 @@\n", "@@", "@@ -9223372036854775807 +9223372036854775807 @@\n-a\n+b", "+a", "@@ -1,1 +1,1 @@ x\n", "@@ -0,0 +0 @@\n+a",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, patch string) {
		ranges, err := PatchLines(patch)
		if err != nil && ranges != nil {
			t.Fatalf("%v besides %v", ranges, err)
		}
		for _, r := range ranges {
			if r.First < 1 || r.Last < r.First {
				t.Fatalf("%q gives %v", patch, r)
			}
		}
	})
}
