package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/docker/go-units"
	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
)

// Persona is whom the answer is for; "" is regular.
type Persona finding.Persona

// UnmarshalYAML reads a persona's name.
func (p *Persona) UnmarshalYAML(n *yaml.Node) error {
	persona, err := finding.ParsePersona(n.Value)
	*p = Persona(persona)
	return placed(n, err)
}

// IgnoresAdded says what ignores do that a change adds itself: "report" or "fail"; "" is report.
type IgnoresAdded string

// UnmarshalYAML reads the setting.
func (i *IgnoresAdded) UnmarshalYAML(n *yaml.Node) error {
	if n.Value != "report" && n.Value != "fail" {
		return placed(n, fmt.Errorf("unknown setting %q of ignores-added: use report or fail", n.Value))
	}
	*i = IgnoresAdded(n.Value)
	return nil
}

// Threshold is the lowest severity that fails; 0 is never.
type Threshold finding.Severity

// ParseThreshold reads a severity's name, or "never".
func ParseThreshold(name string) (Threshold, error) {
	if name == "never" {
		return 0, nil
	}
	s, err := finding.ParseSeverity(name)
	if err != nil {
		return 0, fmt.Errorf("unknown threshold %q: use high, medium, low or never", name)
	}
	return Threshold(s), nil
}

// UnmarshalYAML reads the threshold's name.
func (t *Threshold) UnmarshalYAML(n *yaml.Node) (err error) {
	*t, err = ParseThreshold(n.Value)
	return placed(n, err)
}

// Severity is a severity that the configuration sets.
type Severity finding.Severity

// UnmarshalYAML reads the severity's name.
func (s *Severity) UnmarshalYAML(n *yaml.Node) error {
	v, err := finding.ParseSeverity(n.Value)
	*s = Severity(v)
	return placed(n, err)
}

// LoadRestrictor is the setting of Kustomize's flag of that name, in short: "root-only" or "none".
type LoadRestrictor string

// UnmarshalYAML reads the setting.
func (l *LoadRestrictor) UnmarshalYAML(n *yaml.Node) error {
	if n.Value != "root-only" && n.Value != "none" {
		return placed(n, fmt.Errorf("unknown load restrictor %q: use root-only or none", n.Value))
	}
	*l = LoadRestrictor(n.Value)
	return nil
}

// PodSecurityLevel is a level of the Pod Security Standards; "" is restricted.
type PodSecurityLevel string

// UnmarshalYAML reads the level.
func (l *PodSecurityLevel) UnmarshalYAML(n *yaml.Node) error {
	if !slices.Contains([]string{"privileged", "baseline", "restricted"}, n.Value) {
		return placed(n, fmt.Errorf("unknown level %q: use privileged, baseline or restricted", n.Value))
	}
	*l = PodSecurityLevel(n.Value)
	return nil
}

// PodSecurityVersion is a version of the Pod Security Standards, written as 1.36; "" is latest.
type PodSecurityVersion string

var minorVersion = regexp.MustCompile(`^v?1\.(0|[1-9]\d{0,3})$`)

// UnmarshalYAML reads the version; a v in front of it is dropped.
func (v *PodSecurityVersion) UnmarshalYAML(n *yaml.Node) error {
	if n.Value != "latest" && !minorVersion.MatchString(n.Value) {
		return placed(n, fmt.Errorf("version %q of the Pod Security Standards: write latest, or a minor version as 1.36", n.Value))
	}
	*v = PodSecurityVersion(strings.TrimPrefix(n.Value, "v"))
	return nil
}

// KubeVersion is a version of Kubernetes, written as 1.36.0.
type KubeVersion string

var kubeVersion = regexp.MustCompile(`^v?\d+\.\d+(\.\d+)?$`)

// ParseKubeVersion reads a version of Kubernetes; a v in front of it is dropped.
func ParseKubeVersion(text string) (KubeVersion, error) {
	if !kubeVersion.MatchString(text) {
		return "", fmt.Errorf("version %q of Kubernetes: write it as 1.36.0", text)
	}
	return KubeVersion(strings.TrimPrefix(text, "v")), nil
}

// UnmarshalYAML reads the version.
func (v *KubeVersion) UnmarshalYAML(n *yaml.Node) (err error) {
	*v, err = ParseKubeVersion(n.Value)
	return placed(n, err)
}

// Size is a number of bytes, written as 10MiB.
type Size int64

// UnmarshalYAML reads a size with its unit.
func (s *Size) UnmarshalYAML(n *yaml.Node) error {
	v, err := ParseSize(n.Value)
	*s = v
	return placed(n, err)
}

// ParseSize reads a size with its unit; KB and KiB both are 1024 bytes, as in Kubernetes' habits of writing them.
func ParseSize(text string) (Size, error) {
	v, err := units.RAMInBytes(text)
	if err != nil {
		return 0, fmt.Errorf("size %q: write a number and a unit, as 10MiB", text)
	}
	return Size(v), nil
}

// Duration is a length of time, written as 10s.
type Duration time.Duration

// UnmarshalYAML reads a duration with its unit.
func (d *Duration) UnmarshalYAML(n *yaml.Node) error {
	v, err := time.ParseDuration(n.Value)
	if err != nil {
		err = fmt.Errorf("duration %q: write a number and a unit, as 10s", n.Value)
	}
	*d = Duration(v)
	return placed(n, err)
}

// Date is a day, written as 2027-01-31; "" is none.
type Date string

// UnmarshalYAML reads a day.
func (d *Date) UnmarshalYAML(n *yaml.Node) error {
	if _, err := time.Parse(time.DateOnly, n.Value); err != nil {
		return placed(n, fmt.Errorf("date %q: write year, month and day, as 2027-01-31", n.Value))
	}
	*d = Date(n.Value)
	return nil
}

// Glob is a pattern of slash paths relative to the repository's root; "**" crosses folders, and a folder with a slash at
// its end means all that is in it.
type Glob string

// UnmarshalYAML reads and checks a pattern.
func (g *Glob) UnmarshalYAML(n *yaml.Node) error {
	if !doublestar.ValidatePattern(n.Value) {
		return placed(n, fmt.Errorf("glob %q is not well formed", n.Value))
	}
	text := strings.TrimPrefix(n.Value, "./")
	if strings.HasSuffix(text, "/") {
		text += "**"
	}
	*g = Glob(text)
	return nil
}

// placedError is an error at a place of the file.
type placedError struct {
	place
	message string
}

func (e *placedError) Error() string { return fmt.Sprintf("line %d: %s", e.line, e.message) }

func placed(n *yaml.Node, err error) error {
	if err == nil {
		return nil
	}
	return &placedError{place{n.Line, n.Column}, err.Error()}
}
