package token_test

import (
	"maps"
	"testing"
)

// TestRegistries holds that a push to GitHub's registry is seen, whichever program logs in and pushes.
func TestRegistries(t *testing.T) {
	const given = "        env: {T: '${{ github.token }}'}\n"
	run := func(script string) string { return "      - run: |\n          " + script + "\n" }
	for name, c := range map[string]useCase{
		"skopeo":                    {"packages", run("skopeo login -u x --password-stdin ghcr.io <<<$T; skopeo copy dir:a docker://ghcr.io/a/b:1") + given, nil, "write"},
		"skopeo, image and tag set": {"packages", run("readonly image=ghcr.io/a/b:${V#v}; skopeo login -p $T ghcr.io; skopeo copy dir:a docker://$image") + given, nil, "write"},
		"skopeo, by itself":         {"packages", run("skopeo copy --dest-creds x:$T dir:a docker://ghcr.io/a/b:1") + given, nil, "write"},
		"skopeo, in a script":       {"packages", "      - run: ./push.sh\n" + given, map[string]string{"push.sh": "skopeo login -u x --password-stdin ghcr.io <<<\"$T\"\nskopeo copy --all oci-archive:a.tar \"docker://$image\"\n"}, "write"},
		"skopeo to a file":          {"packages", run("skopeo login -p $T ghcr.io; skopeo copy docker://quay.io/a/b:1 dir:a") + given, nil, "none"},
		"skopeo elsewhere":          {"packages", run("skopeo login -p $T ghcr.io; skopeo copy dir:a docker://quay.io/a/b:1") + given, nil, "none"},
		"podman":                    {"packages", run("podman login ghcr.io -u x -p $T; podman push ghcr.io/a/b") + given, nil, "write"},
		"podman, by itself":         {"packages", run("podman push --creds=x:$T a docker://ghcr.io/a/b") + given, nil, "write"},
		"buildah":                   {"packages", run("buildah login -u x -p ${{ github.token }} ghcr.io; buildah push a docker://ghcr.io/a/b"), nil, "write"},
		"oras":                      {"packages", run("echo ${{ github.token }} | oras login ghcr.io -u x --password-stdin; oras push ghcr.io/a/b:1 f"), nil, "write"},
		"crane":                     {"packages", run("crane auth login ghcr.io -u x -p $T; crane append -b a -t ghcr.io/a/b -f f.tar") + given, nil, "write"},
		"helm":                      {"packages", run("echo $T | helm registry login ghcr.io -u x --password-stdin; helm push a.tgz oci://ghcr.io/a") + given, nil, "write"},
		"cosign":                    {"packages", run("cosign login ghcr.io -u x -p $T; cosign sign --yes ghcr.io/a/b@sha256:0") + given, nil, "write"},
		"another's token":           {"packages", run("echo ${{ secrets.PAT }} | oras login ghcr.io -u x --password-stdin; oras push ghcr.io/a/b:1 f") + given, nil, "none"},
		"buildx, output set":        {"packages", run("docker login ghcr.io -p $T; docker buildx build --output=type=image,name=$IMAGE,push=true .") + given, nil, "write"},
		"a file of a login":         {"packages", run("echo \"{\\\"auths\\\": {\\\"ghcr.io\\\": {\\\"auth\\\": \\\"$T\\\"}}}\" >~/.docker/config.json; docker push ghcr.io/a/b") + given, nil, "write"},
		"ko":                        {"packages", run("KO_DOCKER_REPO=ghcr.io/a/b ko build .") + "        env: {GITHUB_TOKEN: '${{ github.token }}'}\n", nil, "write"},
	} {
		t.Run(name, func(t *testing.T) {
			files := job("{packages: write}", c.steps)
			maps.Copy(files, c.files)
			facts := factsOf(t, files)
			if got := facts.Grants[0].Used; got != c.want {
				t.Errorf("packages is used: %s, want %s; needs %+v, opaque %+v", got, c.want, facts.Jobs[0].Needs, facts.Jobs[0].Opaque)
			}
		})
	}
}
