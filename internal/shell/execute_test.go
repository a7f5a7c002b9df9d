package shell

import "testing"

// TestExecutes holds which commands run what a checkout brought, and which do not.
func TestExecutes(t *testing.T) {
	tests := []struct{ script, want string }{
		{"npm ci", "npm ci"},
		{"npm ci --ignore-scripts", ""},
		{"npm install -g pnpm@9", ""},
		{"npm --prefix web run build", "npm run"},
		{"npm config get registry", ""},
		{"yarn", "yarn"},
		{"yarn --version", ""},
		{"pnpm nx run bench:build --skipRemoteCache", "pnpm nx"},
		{"pnpm -r --filter web lint", "pnpm lint"},
		{"pnpm add -g nx", ""},
		{"yarn ci:check", "yarn ci:check"},
		{"yarn config set enableScripts false", ""},
		{"bun run.ts", "bun run.ts"},
		{"pnpm i --frozen-lockfile", "pnpm i"},
		{"sudo -E env A=b timeout 5m make all", "make"},
		{"make --version", ""},
		{"go build ./...", ""},
		{"go generate ./...", "go generate"},
		{"pip install requests", ""},
		{"pip install -r requirements.txt", "pip install"},
		{"python -m pip install .", "python -m pip install"},
		{"python3 tools/x.py", "python3 tools/x.py"},
		{"python -c 'print(1)'", ""},
		{"python /opt/x.py", ""},
		{"./gradlew build", "./gradlew"},
		{"/usr/bin/make", ""},
		{"$GITHUB_WORKSPACE/x.sh", "$GITHUB_WORKSPACE/x.sh"},
		{"${{ github.workspace }}/x.sh", "$GITHUB_WORKSPACE/x.sh"},
		{"bash -e x.sh", "bash x.sh"},
		{"bash -c 'make'", ""},
		{"node -e 'x'", ""},
		{"bash x.sh", "bash x.sh"},
		{". ./env", ". ./env"},
		{"echo make; # make", ""},
		{"cd /tmp && make", ""},
		{"(cd /tmp && make); make", "make"},
		{"if true; then cargo test; fi", "cargo test"},
		{"x=$(npm run version)", "npm run"},
		{"docker buildx build .", "docker buildx build"},
		{"docker run image", ""},
		{"curl https://example.com/x.sh", ""},
		{"npm ci ${{ inputs.flags }} || true", "npm ci"},
		{"make\nif [", "make"},
	}
	for _, tt := range tests {
		if got := executed(tt.script); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.script, got, tt.want)
		}
	}
}

// TestAppliesTree holds what kubectl puts into a cluster: files of the tree, not text of the workflow's own.
func TestAppliesTree(t *testing.T) {
	tests := []struct{ script, want string }{
		{"kubectl apply -f deploy/", "kubectl apply"},
		{"kubectl apply --filename=deploy/", "kubectl apply"},
		{"kubectl apply -k .", "kubectl apply"},
		{"kubectl apply -f $FILE", "kubectl apply"},
		{"kubectl apply -f https://example.com/a.yaml", ""},
		{"kubectl apply -f /tmp/a.yaml", ""},
		{"kubectl create namespace a", ""},
		{"cat <<EOF | kubectl apply -f -\nmake\nEOF", ""},
		{"cat <<EOF | envsubst | kubectl apply -f -\nmake\nEOF", ""},
		{"kubectl apply -f - <<EOF\nmake\nEOF", ""},
		{"kubectl apply -f- <<< \"$X\"", ""},
		{"echo a | kubectl apply -f -", ""},
		{"kubectl create secret generic a --dry-run=client -o yaml | kubectl apply -f -", ""},
		{"cat a.yaml | kubectl apply -f -", "kubectl apply"},
		{"envsubst < a.yaml | kubectl apply -f -", "kubectl apply"},
		{"kustomize build . | kubectl apply -f -", "kubectl apply"},
		{"kubectl kustomize . | kubectl apply -f -", "kubectl apply"},
		{"cat <<EOF | kubectl apply -f -\na\nEOF\nkubectl apply -f b.yaml", "kubectl apply"},
		{"echo a | tee b; cat c | kubectl apply -f -", "kubectl apply"},
	}
	for _, tt := range tests {
		if got := executed(tt.script); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.script, got, tt.want)
		}
	}
}

// executed is the first thing that a script runs of the tree that it starts in.
func executed(script string) string {
	for _, c := range Parse(script).Commands("", func(string) string { return "" }) {
		if what := c.Executes(""); what != "" {
			return what
		}
	}
	return ""
}
