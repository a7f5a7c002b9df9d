package cli

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"text/template"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/config"
	"github.com/plimsoll-dev/plimsoll/internal/discover"
	"github.com/plimsoll-dev/plimsoll/internal/engine"
	"github.com/plimsoll-dev/plimsoll/internal/peers"
	"github.com/plimsoll-dev/plimsoll/internal/triage"
)

//go:embed init.yaml.tmpl
var initConfig string

//go:embed init.txt.tmpl
var initAdvice string

// defaultBaseline is where the baseline goes when no file is named.
const defaultBaseline = ".github/plimsoll-baseline.json"

// initFlags are the flags of plimsoll init.
type initFlags struct {
	root, baseline string
	force          bool
}

func newInit(env *Env) *cobra.Command {
	var f initFlags
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write a configuration, and a baseline of what there is",
		Long: "Init writes .github/plimsoll.yaml. What the configurations of zizmor and pinact say is carried over where it means the\n" +
			"same; actionlint's is honoured where it stands. With --baseline today's findings are put aside, so that only new ones\n" +
			"count. A file that exists is not overwritten.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runInit(cmd.Context(), env, &f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.root, "root", "", "take `DIR` as the repository's root (default: the Git work tree around the working directory)")
	flags.StringVar(&f.baseline, "baseline", "", "lint, and write what is found to `FILE`, relative to the root (default: "+defaultBaseline+")")
	flags.Lookup("baseline").NoOptDefVal = defaultBaseline
	flags.BoolVar(&f.force, "force", false, "overwrite files that exist")
	return cmd
}

func runInit(ctx context.Context, env *Env, f *initFlags) error {
	target, err := engine.Open(ctx, env.Dir, f.root, nil)
	if err != nil {
		return usage(err)
	}
	tree, err := os.OpenRoot(target.Root)
	if err != nil {
		return usage(err)
	}
	defer tree.Close() //nolint:errcheck // what is written is closed by itself
	settings, err := peers.Import(func(name string) ([]byte, bool, error) {
		return discover.ReadRegular(tree, name, config.MaxBytes)
	})
	if err != nil {
		return usage(err)
	}
	name, err := f.configName(tree)
	if err != nil {
		return usage(err)
	}
	text, err := configText(name, settings)
	if err != nil {
		return internal(err)
	}
	if f.baseline != "" && !f.force && exists(tree, f.baseline) {
		return usage(fmt.Errorf("%s exists; --force overwrites it", f.baseline))
	}
	if err := writeNew(tree, name, text); err != nil {
		return usage(err)
	}
	known := 0
	if f.baseline != "" {
		if known, err = f.lint(ctx, env, target.Root, tree); err != nil {
			return err
		}
	}
	return internal(advise(env, f, name, settings, known))
}

// configName is the file to write: the one that exists when it may be overwritten.
func (f *initFlags) configName(tree *os.Root) (string, error) {
	for _, name := range config.Names() {
		switch {
		case !exists(tree, name):
		case !f.force:
			return "", fmt.Errorf("%s exists; --force overwrites it", name)
		default:
			return name, nil
		}
	}
	return config.Names()[0], nil
}

func exists(tree *os.Root, name string) bool {
	_, err := tree.Lstat(name)
	return !errors.Is(err, fs.ErrNotExist)
}

// writeNew writes a file of the repository. A link that leads out of it is not followed.
func writeNew(tree *os.Root, name string, data []byte) error {
	if err := tree.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	return tree.WriteFile(name, data, 0o644)
}

// configText is the configuration to write. It is read back before it is written.
func configText(name string, settings *peers.Settings) ([]byte, error) {
	var carried bytes.Buffer
	if len(settings.Rules)+len(settings.Ignore) > 0 {
		e := yaml.NewEncoder(&carried)
		e.SetIndent(2)
		if err := e.Encode(settings); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	t := template.Must(template.New("config").Parse(initConfig))
	if err := t.Execute(&out, map[string]string{"From": strings.Join(settings.From, " and "), "Carried": carried.String()}); err != nil {
		return nil, err
	}
	text := append(bytes.TrimSpace(out.Bytes()), '\n')
	_, err := config.Parse(name, text)
	return text, err
}

// lint writes the baseline of what a lint by the new configuration finds, and says how much that is.
func (f *initFlags) lint(ctx context.Context, env *Env, root string, tree *os.Root) (int, error) {
	flags := &lintFlags{root: root, colour: "never"}
	options, err := flags.options(ctx, env, nil)
	if err != nil {
		return 0, usage(err)
	}
	result, err := engine.Lint(ctx, options)
	switch {
	case errors.Is(err, engine.ErrUsage):
		return 0, usage(err)
	case err != nil:
		return 0, internal(err)
	}
	var out bytes.Buffer
	if err := triage.WriteBaseline(&out, result.Report.Findings); err != nil {
		return 0, internal(err)
	}
	return len(result.Report.Active()), usage(writeNew(tree, f.baseline, out.Bytes()))
}

// advise says what was done and what to do next.
func advise(env *Env, f *initFlags, name string, settings *peers.Settings, known int) error {
	return template.Must(template.New("advice").Parse(initAdvice)).Execute(env.Stdout, map[string]any{
		"Config": name, "From": settings.From, "Remarks": settings.Remarks, "Baseline": f.baseline, "Known": known,
	})
}
