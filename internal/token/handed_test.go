package token_test

import (
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/token"
)

// given are variables of a step that hold the token.
const given = "        env: {T: '${{ github.token }}', GH_TOKEN: '${{ github.token }}'}\n"

func run(script string) string { return "      - run: |\n          " + script + "\n" }

var handedCases = map[string]useCase{
	"into a container":             {"issues", run("docker run --rm -e GH_TOKEN alpine/gh issue close 1") + given, nil, "unknown"},
	"into a container, by value":   {"issues", run("docker run --rm -e X=$T alpine/gh issue close 1") + given, nil, "unknown"},
	"oidc into a container":        {"id-token", run("docker run --rm -e ACTIONS_ID_TOKEN_REQUEST_URL -e ACTIONS_ID_TOKEN_REQUEST_TOKEN alpine sign"), nil, "unknown"},
	"a container without":          {"issues", run("docker run --rm alpine true"), nil, "none"},
	"into a build":                 {"issues", run("docker build --secret id=t,env=GH_TOKEN .") + given, nil, "unknown"},
	"into a build, by argument":    {"issues", run("docker buildx build --build-arg T=$T .") + given, nil, "unknown"},
	"into compose":                 {"issues", run("docker compose up") + given, nil, "unknown"},
	"find":                         {"issues", run("find . -exec gh issue close 1 \\;") + given, nil, "write"},
	"find, harmless":               {"issues", run("find . -name '*.sh' -exec rm {} + | xargs -r rm -f") + given, nil, "none"},
	"go tool cover":                {"id-token", run("go tool cover -func=c.out"), nil, "none"},
	"go tool with flags":           {"contents", run("go tool -modfile=tools/go.mod goreleaser release") + given, nil, "write"},
	"a mounted workspace":          {"contents", "      - uses: actions/checkout@v7\n" + run("docker run -v $PWD:/w alpine/git -C /w push"), nil, "unknown"},
	"a mounted login":              {"packages", run("docker login -u x -p $T ghcr.io; docker run -v ~/.docker:/root/.docker alpine push") + given, nil, "unknown"},
	"chart-releaser":               {"contents", run("cr upload -t ${{ github.token }}"), nil, "unknown"},
	"a test of a variable":         {"issues", run("[[ -n $GH_TOKEN ]] && echo ::add-mask::$GH_TOKEN") + given, nil, "none"},
	"a file of the previous step":  {"issues", run("cat >~/.env <<EOF\n          TOKEN=$T\n          EOF") + given + "      - run: make x\n", nil, "unknown"},
	"uv tool run":                  {"id-token", run("uv tool run sigstore sign a"), nil, "unknown"},
	"uvx":                          {"id-token", run("uvx sigstore sign a"), nil, "unknown"},
	"go tool":                      {"issues", run("go tool closer") + given, nil, "unknown"},
	"go tool, oidc":                {"id-token", run("go tool signer"), nil, "unknown"},
	"go run":                       {"issues", run("go run ./hack") + given, nil, "unknown"},
	"a secret of a cluster":        {"packages", run("kubectl create secret docker-registry x --docker-server=ghcr.io --docker-password=$T") + given, nil, "unknown"},
	"a value of a chart":           {"packages", run("helm install x ./c --set password=$T") + given, nil, "unknown"},
	"a file for npm":               {"packages", run("echo \"//npm.pkg.github.com/:_authToken=$T\" >~/.npmrc") + given + "      - run: npm publish\n", nil, "write"},
	"the settings of npm":          {"packages", run("npm config set //npm.pkg.github.com/:_authToken $T; npm ci") + given, nil, "unknown"},
	"npm reads a package":          {"packages", run("echo \"//npm.pkg.github.com/:_authToken=$T\" >~/.npmrc; npm ci") + given, nil, "unknown"},
	"a source of NuGet":            {"packages", run("dotnet nuget add source --username x --password $T https://nuget.pkg.github.com/o/index.json; dotnet nuget push a.nupkg -s github") + given, nil, "write"},
	"a here-document":              {"issues", run("cat >t.env <<EOF\n          TOKEN=${{ github.token }}\n          EOF\n          ./x --env t.env"), nil, "unknown"},
	"a here-document, by variable": {"issues", run("cat >t.env <<EOF\n          TOKEN=$T\n          EOF\n          make x") + given, nil, "unknown"},
	"netrc":                        {"contents", "      - uses: actions/checkout@v7\n        with: {persist-credentials: false}\n" + run("echo \"machine github.com login x password $T\" >~/.netrc") + "        env: {T: '${{ github.token }}'}\n      - run: git push\n", nil, "write"},
	"sed":                          {"issues", run("sed -i s/X/$T/ a.json") + given + "      - run: make x\n", nil, "unknown"},
	"GITHUB_ENV":                   {"issues", run("echo \"TOK=$T\" >>\"$GITHUB_ENV\"") + given + "      - run: make x\n", nil, "unknown"},
	"curl":                         {"issues", run("curl -H \"Authorization: Bearer $T\" https://bot.example.com/close") + given, nil, "unknown"},
	"oidc by curl":                 {"id-token", run("curl -H \"Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN\" \"$ACTIONS_ID_TOKEN_REQUEST_URL\""), nil, "unknown"},
	"oidc of a script":             {"id-token", "      - uses: actions/github-script@v9\n        with: {script: 'await core.getIDToken()'}\n", nil, "write"},
	"timoni signs":                 {"id-token", run("timoni mod push ./a oci://r.example.com/a --sign cosign"), nil, "write"},
	"timoni signs with a key":      {"id-token", run("timoni mod push ./a oci://r.example.com/a --sign=cosign --cosign-key=k"), nil, "none"},
	"timoni":                       {"id-token", run("timoni mod push ./a oci://r.example.com/a"), nil, "none"},
	"cosign by a variable":         {"id-token", run("COSIGN=cosign; $COSIGN sign --yes r.example.com/a@sha256:0"), nil, "write"},
	"xargs":                        {"issues", run("echo 1 | xargs gh issue close") + given, nil, "write"},
	"xargs sh":                     {"issues", run("echo 1 | xargs -I{} sh -c 'gh issue close {}'") + given, nil, "write"},
	"a subshell":                   {"issues", run("(cd x && gh issue close 1)") + given, nil, "write"},
	"in a substitution":            {"issues", run("echo $(gh issue close 1)") + given, nil, "write"},
	"gh extension":                 {"issues", run("gh extension install a/gh-b; gh b close") + given, nil, "unknown"},
	"gh alias":                     {"issues", run("gh alias set c 'issue close'; gh c 1") + given, nil, "unknown"},
	"git credential":               {"contents", run("git config --global url.\"https://x:$T@github.com/\".insteadOf https://github.com/; make push") + given, nil, "write"},
	"a variable that is named":     {"contents", "      - uses: docker/build-push-action@v7\n        with: {secret-envs: 't=GH_TOKEN'}\n        env: {GH_TOKEN: '${{ github.token }}'}\n", nil, "unknown"},
	"in a script for Python":       {"issues", "      - run: print('${{ github.token }}')\n        shell: python\n", nil, "unknown"},
	"an opaque action, another's":  {"contents", "      - uses: renovatebot/github-action@v44\n        with: {token: '${{ secrets.PAT }}'}\n", nil, "none"},
	"an opaque action, both":       {"contents", "      - uses: renovatebot/github-action@v44\n        with: {token: '${{ secrets.PAT }}'}\n        env: {RENOVATE_HOST_RULES: '[{\"token\": \"${{ github.token }}\"}]'}\n", nil, "unknown"},
	"a shell that is fed":          {"issues", run("echo 'gh issue close 1' | bash") + given, nil, "unknown"},
	"eval":                         {"issues", run("eval \"$CMD\"") + given, nil, "unknown"},
	"python":                       {"issues", run("python3 -c 'import x'") + given, nil, "unknown"},
	"node of another shell":        {"issues", "      - run: print(1)\n        shell: python\n" + given, nil, "unknown"},
}

// TestHandedOn holds that a token which is handed to something else by a known command supports no claim.
func TestHandedOn(t *testing.T) { holdUse(t, handedCases) }

// TestAround holds that the token is seen where the job, not a step, is given it.
func TestAround(t *testing.T) {
	for name, c := range map[string]struct {
		around, steps string
		want          token.Level
	}{
		"a variable of the container":     {"container: {image: alpine, env: {GH_TOKEN: '${{ github.token }}'}}", run("gh issue close 1"), "write"},
		"an unknown program in one":       {"container: {image: alpine, env: {T: '${{ github.token }}'}}", run("make x"), "unknown"},
		"a container without":             {"container: {image: alpine, env: {T: '${{ secrets.PAT }}'}}", run("make x"), "none"},
		"a service":                       {"services: {db: {image: db, env: {T: '${{ github.token }}'}}}", run("true"), "unknown"},
		"a service without":               {"services: {db: {image: db, env: {T: a}}}", run("true"), "none"},
		"a variable of the job, baked":    {"env: {GITHUB_TOKEN: '${{ github.token }}'}", "      - uses: docker/bake-action@v7\n", "unknown"},
		"a variable of the job, built in": {"env: {GITHUB_TOKEN: '${{ github.token }}'}", "      - uses: docker/build-push-action@v7\n        with: {secret-envs: 't=GITHUB_TOKEN'}\n", "unknown"},
		"a variable of the job":           {"env: {GITHUB_TOKEN: '${{ github.token }}'}", "      - uses: docker/build-push-action@v7\n", "none"},
	} {
		t.Run(name, func(t *testing.T) {
			text := "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    permissions: {issues: write}\n    " + c.around + "\n    steps:\n" + c.steps
			facts := factsOf(t, map[string]string{main: text})
			if got := facts.Grants[0].Used; got != c.want {
				t.Errorf("issues is used: %s, want %s; needs %+v, opaque %+v", got, c.want, facts.Jobs[0].Needs, facts.Jobs[0].Opaque)
			}
		})
	}
}
