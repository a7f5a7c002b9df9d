package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/plimsoll-dev/plimsoll/internal/config"
	"github.com/plimsoll-dev/plimsoll/internal/discover"
	"github.com/plimsoll-dev/plimsoll/internal/engine"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/render"
	"github.com/plimsoll-dev/plimsoll/internal/report"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/triage"
)

// lintFlags are the flags of plimsoll lint.
type lintFlags struct {
	root, config, failOn            string
	since, scope                    string
	configFile                      string // where config is read from when that is elsewhere; else ""
	persona                         string
	baseline, writeBaseline, colour string
	policies, rules, skip, formats  []string
	kubeVersions                    []string
	renderTime                      time.Duration
	renderMemory                    string
	checkRun, githubOutput          bool
	review, comment, strict         bool
	checkName, category, upload     string
	tracking                        bool
	issueLabels                     []string
	shellcheck                      *bool // nil leaves it to the configuration
	specs                           []report.Spec
	settings                        []*source.File // of repositories, for an audit
}

func newLint(env *Env) *cobra.Command {
	var f lintFlags
	cmd := &cobra.Command{
		Use:   "lint [PATH...]",
		Short: "Lint a repository: render, read, judge, report",
		Long: "Lint renders every chart and root kustomization, reads workflows, Dockerfiles, Compose files and manifests,\n" +
			"and reports what the rules find at the line that causes it. It uses no network.\n\n" +
			"Exit code: 0 clean, 1 findings at or above --fail-on, 2 usage or configuration, 3 our own failure.",
		Example: "  plimsoll lint                          the repository around the working directory\n" +
			"  plimsoll lint charts/shop .github      what is there, read with all of the repository\n" +
			"  plimsoll lint --since origin/main      only what the branch causes\n" +
			"  plimsoll lint --rule 'image/*'         only the rules about images\n" +
			"  plimsoll lint --format sarif=out.sarif --format text",
		RunE: func(cmd *cobra.Command, args []string) error {
			f.noteChanged(cmd)
			return runLint(cmd.Context(), env, &f, args)
		},
	}
	f.register(cmd)
	return cmd
}

// noteChanged takes over the flags for which not being given means something else than their default.
func (f *lintFlags) noteChanged(cmd *cobra.Command) {
	if flag := cmd.Flags().Lookup("shellcheck"); flag.Changed {
		f.shellcheck = new(flag.Value.String() == "true")
	}
}

// register makes the flags those of a command.
func (f *lintFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.Bool("shellcheck", false, "have the scripts of workflows checked by the shellcheck that is installed")
	flags.StringVar(&f.root, "root", "", "take `DIR` as the repository's root (default: the Git work tree around the first PATH)")
	flags.StringVar(&f.config, "config", "", "configuration `FILE` (default: .github/plimsoll.yaml or plimsoll.yaml)")
	flags.StringVar(&f.failOn, "fail-on", "", "lowest `SEVERITY` that fails: high, medium, low or never (default: medium)")
	flags.StringVar(&f.persona, "persona", "", "whom the answer is for: `PERSONA` is regular, pedantic or auditor (default: regular)")
	flags.StringArrayVar(&f.rules, "rule", nil, "keep to this `RULE`, or to a category as image/*; repeatable")
	flags.StringArrayVar(&f.skip, "skip-rule", nil, "leave out this `RULE`, or a category; repeatable")
	flags.StringArrayVar(&f.policies, "policy", nil, "also load the policies in `DIR`, ours or conftest's; repeatable")
	flags.StringVar(&f.since, "since", "", "only what changed since the merge base with `REV` counts; the rest is marked")
	flags.StringVar(&f.scope, "scope", "", "`WHAT` counts: changed, which is what the change causes, or all (default: changed for pull requests and merge groups)")
	flags.StringVar(&f.baseline, "baseline", "", "findings listed in `FILE` do not count")
	flags.StringVar(&f.writeBaseline, "write-baseline", "", "write what counts to `FILE` as a baseline, and pass")
	flags.StringArrayVar(&f.formats, "format", []string{"text"}, "report as `FORMAT[=FILE]`: text, json, sarif, github, summary, junit; repeatable")
	flags.StringVar(&f.colour, "color", "auto", "colour the text: `WHEN` is auto, always or never")
	flags.StringArrayVar(&f.kubeVersions, "kube-version", nil, "render charts for this Kubernetes `VERSION`; repeatable (default: "+render.DefaultKubeVersion[1:]+")")
	flags.DurationVar(&f.renderTime, "render-time", 0, "longest `TIME` for rendering one chart or kustomization (default: 10s)")
	flags.StringVar(&f.renderMemory, "render-memory", "", "most memory, as a `SIZE`, for rendering one chart or kustomization (default: 1GiB)")
	flags.BoolVar(&f.checkRun, "check-run", false, "post a check run to GitHub, with the token in GITHUB_TOKEN")
	flags.StringVar(&f.checkName, "check-name", "plimsoll", "`NAME` of the check run, and of what the review and the comment hold of this run")
	flags.BoolVar(&f.review, "review", false, "suggest fixes in a review of the pull request, with the token in GITHUB_TOKEN")
	flags.BoolVar(&f.comment, "comment", false, "keep one comment under the pull request up to date, with the token in GITHUB_TOKEN")
	flags.StringVar(&f.upload, "upload-sarif", uploadNever, "send SARIF to code scanning: `WHEN` is never, default-branch or always")
	flags.BoolVar(&f.tracking, "tracking-issue", false, "on the default branch, keep one issue up to date, with the token in GITHUB_TOKEN")
	flags.StringArrayVar(&f.issueLabels, "issue-label", nil, "`LABEL` of the issue when it is made; repeatable")
	flags.StringVar(&f.category, "category", "", "`NAME` that tells this run's SARIF from that of others over the same commit")
	flags.BoolVar(&f.strict, "strict-reporting", false, "fail where a report cannot be delivered, instead of a warning")
	flags.BoolVar(&f.githubOutput, "github-output", false, "write verdict and counts to GITHUB_OUTPUT")
}

func runLint(ctx context.Context, env *Env, f *lintFlags, paths []string) error {
	options, err := f.options(ctx, env, paths)
	if err != nil {
		return usage(err)
	}
	out := openChannels(ctx, env, f, options.Target)
	defer out.abandon() // unless it is completed: a crash must be seen on the pull request too
	result, err := engine.Lint(ctx, options)
	if err != nil {
		out.fail(err)
		if errors.Is(err, engine.ErrUsage) {
			return usage(err)
		}
		return internal(err)
	}
	if f.writeBaseline != "" {
		if err := writeBaseline(engine.Absolute(env.Dir, f.writeBaseline), result.Report); err != nil {
			out.fail(err)
			return usage(err)
		}
		fmt.Fprintf(env.Stderr, "plimsoll: wrote %[1]s; lint with --baseline %[1]s, and what is in it does not count\n", report.Visible(f.writeBaseline))
	}
	result.Report.Change = out.change()
	verdict := result.Report.Verdict // decided: nothing below changes it
	out.publish(ctx, result)
	return out.answer(verdict)
}

// options turns flags and files into one checked value.
func (f *lintFlags) options(ctx context.Context, env *Env, paths []string) (engine.Options, error) {
	if err := f.parseFormats(env); err != nil {
		return engine.Options{}, err
	}
	if err := errors.Join(checkColour(f.colour), checkUpload(f.upload), f.checkScope()); err != nil {
		return engine.Options{}, err
	}
	target, err := engine.Open(ctx, env.Dir, f.root, paths)
	if err != nil {
		return engine.Options{}, err
	}
	cfg, err := f.readConfig(env, target.Root)
	if err != nil {
		return engine.Options{}, err
	}
	dirs := absolute(env.Dir, f.policies)
	o := engine.Options{
		Target: target, Config: cfg, Policies: append(absolute(target.Root, cfg.Policies), dirs...),
		Rules: f.rules, Skip: f.skip, Settings: f.settings,
		Today: time.Now().UTC().Format(time.DateOnly), Version: Version,
	}
	if f.baseline != "" {
		o.BaselineFile = engine.Absolute(env.Dir, f.baseline)
		if o.Baseline, err = readBaseline(o.BaselineFile); err != nil {
			return engine.Options{}, err
		}
	}
	o.Change = f.change(ctx, env, o)
	return o, nil
}

// parseFormats refuses what could not be written as asked before anything is looked at: a file that cannot be opened, one
// that two reports would share, and a machine's format mixed with others on standard output.
func (f *lintFlags) parseFormats(env *Env) error {
	written := map[string]bool{}
	var machine string
	printed := 0
	for _, text := range f.formats {
		spec, err := report.ParseSpec(text)
		if err != nil {
			return err
		}
		f.specs = append(f.specs, spec)
		if spec.Path == "" {
			printed++
			if spec.Format == "json" || spec.Format == "sarif" || spec.Format == "junit" {
				machine = spec.Format
			}
			continue
		}
		path := engine.Absolute(env.Dir, spec.Path)
		if written[path] {
			return fmt.Errorf("--format: two reports go to %s", spec.Path)
		}
		written[path] = true
		file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o644) //nolint:gosec // a report is for others to read
		if err != nil {
			return fmt.Errorf("--format %s: %w", text, err)
		}
		if err := file.Close(); err != nil {
			return fmt.Errorf("--format %s: %w", text, err)
		}
	}
	if machine != "" && printed > 1 {
		return fmt.Errorf("--format: %s on standard output would be mixed with another report; write one of them to a file, as in %s=FILE", machine, machine)
	}
	return nil
}

// readConfig reads the configuration from the repository, never through a link out of it, and lets flags win over it: see
// override.
func (f *lintFlags) readConfig(env *Env, root string) (*config.Config, error) {
	cfg, err := f.findConfig(env, root)
	if err != nil {
		return nil, err
	}
	return f.override(cfg)
}

// override lets flags win over the configuration.
func (f *lintFlags) override(cfg *config.Config) (_ *config.Config, err error) {
	if f.failOn != "" {
		if cfg.FailOn, err = config.ParseThreshold(f.failOn); err != nil {
			return nil, fmt.Errorf("--fail-on: %w", err)
		}
	}
	if f.writeBaseline != "" {
		cfg.FailOn = 0
	}
	if f.persona != "" {
		persona, err := finding.ParsePersona(f.persona)
		if err != nil {
			return nil, fmt.Errorf("--persona: %w", err)
		}
		cfg.Persona = config.Persona(persona)
	}
	if f.shellcheck != nil {
		cfg.Workflow.Shellcheck = *f.shellcheck
	}
	if len(f.kubeVersions) > 0 {
		cfg.Helm.KubeVersions = nil
	}
	for _, text := range f.kubeVersions {
		version, err := config.ParseKubeVersion(text)
		if err != nil {
			return nil, fmt.Errorf("--kube-version: %w", err)
		}
		cfg.Helm.KubeVersions = append(cfg.Helm.KubeVersions, version)
	}
	if f.renderTime != 0 {
		cfg.Limits.RenderTime = config.Duration(f.renderTime)
	}
	if f.renderMemory != "" {
		if cfg.Limits.RenderMemory, err = config.ParseSize(f.renderMemory); err != nil {
			return nil, fmt.Errorf("--render-memory: %w", err)
		}
	}
	return cfg, cfg.Validate()
}

func (f *lintFlags) findConfig(env *Env, root string) (*config.Config, error) {
	if f.config != "" {
		data, err := os.ReadFile(cmp.Or(f.configFile, engine.Absolute(env.Dir, f.config)))
		if err != nil {
			return nil, err
		}
		return config.Parse(f.config, data)
	}
	tree, err := os.OpenRoot(root)
	if err != nil {
		return nil, err
	}
	defer tree.Close() //nolint:errcheck // only read
	var found *config.Config
	for _, name := range config.Names() {
		data, there, err := discover.ReadRegular(tree, name, config.MaxBytes)
		switch {
		case err != nil:
			return nil, err
		case !there:
			continue
		case found != nil:
			return nil, fmt.Errorf("both %s and %s exist; keep one", found.Path(), name)
		}
		if found, err = config.Parse(name, data); err != nil {
			return nil, err
		}
	}
	if found == nil {
		found = config.Default()
	}
	return found, nil
}

func readBaseline(path string) (*triage.Baseline, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read
	b, err := triage.ReadBaseline(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return b, nil
}

func writeBaseline(path string, r *finding.Report) error {
	return writeFile(path, func(file *os.File) error { return triage.WriteBaseline(file, r.Findings) })
}

// writeFile writes a whole file, and reports what closing it says: a full disk shows itself there.
func writeFile(path string, write func(*os.File) error) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(write(file), file.Close())
}

func absolute(dir string, paths []string) []string {
	out := make([]string, len(paths))
	for i, p := range paths {
		out[i] = engine.Absolute(dir, p)
	}
	return out
}
