package syntax

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/rhysd/actionlint"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
)

// remark is one message of actionlint, and what is needed to judge it.
type remark struct {
	*actionlint.Error
	data   []byte
	offset int // of its place in data
	config *actionlint.Config
}

// verdict is what we make of a remark. With severity 0 it is not so, or not worth saying.
type verdict struct {
	severity finding.Severity
	message  string
}

// row is one line of the table of verdicts: what it speaks of, and what follows.
type row struct {
	kind     string                              // of the message; "" for any
	message  *regexp.Regexp                      // of the message
	only     func(r remark, match []string) bool // nil for always
	severity finding.Severity                    // 0: the message is dropped
	say      string                              // instead of the message; $1 is the first group, $access see access. "" keeps it
	why      string
}

const drop finding.Severity = 0

// verdicts is the table; the first row that speaks of a message decides. Each row that drops one has a test that fails
// once actionlint no longer gives the message, so that the row can go.
var verdicts = []row{
	// Syntax that is newer than actionlint.
	{"workflow-call", re(`^reusable workflow call "\$/`), nil, drop, "", "$/ is this repository, since 2026-07"},
	{"action", re(`^specifying action "\$/`), nil, drop, "", "$/ is this repository, since 2026-07"},
	{"syntax-check", re(`^unexpected key "(background|wait|wait-all|cancel|parallel)" for step`), nil, drop, "", "parallel steps, since 2026-06"},
	{"syntax-check", re(`^step must run script`), isStepControl, drop, "", "parallel steps, since 2026-06"},
	{"expression", re(`^property "([^"]+)" is not defined`), isParallelStep, drop, "", "parallel steps, since 2026-06: the step stands in a group"},
	{"syntax-check", re(`^unexpected key "queue" for "concurrency"`), nil, drop, "", "queues, since 2026-05"},
	{"syntax-check", re(`^unexpected key "(command|entrypoint)" for "services"`), nil, drop, "", "since 2026"},
	{"syntax-check", re(`^unexpected key "cache-mode" for`), nil, drop, "", "cache-mode, since 2026-09"},
	// What GitHub takes although actionlint does not.
	{"syntax-check", re(`^unexpected key "description" for "workflow"`), nil, drop, "", "in GitHub's own schema, and used"},
	{"expression", re(`"(?:bool|number)" cannot be assigned to "string"`), nil, drop, "", "GitHub makes text of it: fromJSON(inputs.dry-run)"},
	{"expression", re(`^unexpected token "\*" while parsing`), hasWildcardIndex, drop, "", "fromJSON(x)[*].name is fromJSON(x).*.name"},
	{"events", re(`^invalid activity type "(requested|rerequested)" for "check_suite"`), nil, drop, "", "in GitHub's own schema, and used"},
	{"syntax-check", re(`^string should not be empty`), isEmptyFilter, drop, "", "a filter without a value filters nothing"},
	{"expression", re(`cannot be filtered by object filtering`), nil, drop, "", "join(matrix.*, '-') gives the values of an object"},
	{"expression", re(`^property "workspace" is not defined`), startsWith("runner."), drop, "", "GitHub's starter workflows use runner.workspace"},
	{"action", re(`is too old to run on GitHub Actions`), nil, drop, "", "GitHub runs them on the Node that it has"},
	{"action", re(`^specifying action "(?:/|[^"@]*(?://|\\|/@))[^"]*" in invalid format`), nil, drop, "", "the runner passes over empty parts: workflow/obfuscated-reference"},
	// Runners: a label that GitHub never had is a self-hosted runner's, or a larger one's.
	{
		"runner-label", re(`^label "(ubuntu-1[68]\.04|ubuntu-20\.04|macos-10\.15|macos-1[123]|windows-201[69])" is unknown`), notSelfHosted,
		finding.Medium, "GitHub has retired the runner $1, so the job waits for one that never comes", "",
	},
	{"runner-label", re(`^label "([^"]+)" is unknown`), labelsDeclared, finding.Low, "runner label $1 is neither GitHub's nor declared in actionlint.yaml", ""},
	{"runner-label", re(`is unknown`), nil, drop, "", "labels of larger and self-hosted runners are the owner's to choose"},
	// What actionlint knows of other people's actions is older than their newest release, which a moving tag leads to.
	{"action", re(`^input "([^"]+)" is not defined in action "([^"@]+)[^"]*"\. available inputs? (?:are|is) (.*)`), isSlip, finding.Low, "$2 has no input $1, only one that reads almost like it, so this does nothing", ""},
	{"action", re(`^input "[^"]+" is not defined in action`), nil, drop, "", "a newer release may have it"},
	{"action", re(`^missing input "`), nil, drop, "", "a newer release may not ask for it, and GitHub asks for none"},
	// What other rules say better.
	{"expression", re(`is potentially untrusted`), nil, drop, "", "workflow/template-injection says it, by event"},
	{"permissions", re(`^unknown permission scope|is invalid as permission of scope|is invalid for permission for all`), nil, drop, "", "workflow/unknown-permission says it, of today's permissions"},
	{"if-cond", re(`(?s)^if: condition .* is always evaluated to true`), nil, drop, "", "workflow/constant-condition says it, in actions and parallel steps too"},
	// What is so, and how much it matters.
	{"expression", re(`^property "([^"]+)" is not defined in object type .*`), startsWith("matrix.", "inputs.", "github.event.inputs."), finding.Low, "$access is not defined, so this is always empty", ""},
	{"expression", re(`^property "([^"]+)" is not defined in object type .*`), nil, finding.Medium, "$access is not defined there, so this is always empty", ""},
	{"expression", re(`^object, array, and null values should not be evaluated in template`), nil, finding.Low, "", ""},
	{"deprecated-commands", re(`^workflow command "(?:set-env|add-path)" was deprecated`), allowsCommands, drop, "", "workflow/insecure-commands says what lets them through"},
	{"deprecated-commands", re(`^workflow command "(set-env|add-path)" was deprecated`), nil, finding.Medium, "GitHub has switched off the workflow command $1, so the step fails", ""},
	{"deprecated-commands", re(`^workflow command "([^"]+)" was deprecated`), nil, finding.Low, "the workflow command $1 is deprecated: write to $$GITHUB_OUTPUT or $$GITHUB_STATE", ""},
	{"events", re(`^input "([^"]+)" of workflow_call event has the default value`), nil, finding.Low, "input $1 is required, so its default is never used", ""},
	{"if-cond", re(`^constant expression "(?:true|false)"`), nil, drop, "", "nobody is mistaken about what is switched off by hand"},
	{"if-cond", re(`^constant expression`), nil, finding.Low, "", ""},
	{"matrix", re(`^value (\S+) in "exclude" does not match in matrix "([^"]+)"`), nil, finding.Low, "no value of $2 in the matrix is $1, so this excludes nothing", ""},
	{"glob", re(`^'\.' and '\.\.' are not allowed in glob path`), nil, finding.Medium, "a path filter that begins with ./ or has a . or .. segment matches nothing: paths begin at the repository's root", ""},
	{"job-needs", re(`^job ID "([^"]+)" duplicates in "needs"`), nil, finding.Low, "job $1 is needed twice", ""},
	{"syntax-check", re(`anchor "([^"]+)" is defined but not used`), nil, finding.Low, "", ""},
	{"", re(``), nil, finding.Medium, "", ""},
}

func re(pattern string) *regexp.Regexp { return regexp.MustCompile(pattern) }

func verdictOf(r remark) verdict {
	for _, row := range verdicts {
		match := row.message.FindStringSubmatch(r.Message)
		if match == nil || row.kind != "" && row.kind != r.Kind || row.only != nil && !row.only(r, match) {
			continue
		}
		message := strings.TrimSuffix(tail.ReplaceAllString(r.Message, ""), ".")
		if row.say != "" {
			at := row.message.FindStringSubmatchIndex(r.Message)
			say := strings.ReplaceAll(row.say, "$access", r.access(match))
			message = string(row.message.ExpandString(nil, say, r.Message, at))
		}
		return verdict{row.severity, message}
	}
	return verdict{}
}

// tail is what actionlint adds to a message beyond what is wrong.
var tail = regexp.MustCompile(`\. (?:note: |see https?://|all available |available formats).*`)

// after is the source from the remark's place on.
func (r remark) after() string { return string(r.data[r.offset:]) }

// access is the source's access from the remark's place on, up to the property that the message names:
// matrix.platform.toolchain. Where that cannot be seen it is the property alone.
func (r remark) access(match []string) string {
	if len(match) < 2 {
		return ""
	}
	written := accessStart.FindString(r.after())
	end := 0
	for _, step := range strings.SplitAfter(written, ".") {
		end += len(step)
		if name := strings.TrimSuffix(step, "."); end > len(step) && strings.EqualFold(name, match[1]) {
			return strings.TrimSuffix(written[:end], ".")
		}
	}
	return match[1]
}

var accessStart = regexp.MustCompile(`\A[\w-]+(?:\.[\w-]+)+`)

// line is the source of the remark's line.
func (r remark) line() string {
	start := strings.LastIndexByte(string(r.data[:r.offset]), '\n') + 1
	line, _, _ := strings.Cut(string(r.data[start:]), "\n")
	return line
}

func startsWith(prefixes ...string) func(remark, []string) bool {
	return func(r remark, _ []string) bool {
		return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(r.after(), p) })
	}
}

// allowsCommands reports whether the file has the variable that makes the runner carry out commands which it else refuses.
func allowsCommands(r remark, _ []string) bool {
	return bytes.Contains(r.data, []byte("ACTIONS_ALLOW_UNSECURE_COMMANDS"))
}

// stepControl is a step that runs nothing itself: it waits for, cancels or groups others.
var stepControl = regexp.MustCompile(`\A(?:(?:name|id|if|timeout-minutes|continue-on-error):[^\n]*\n\s*|#[^\n]*\n\s*)*(?:wait|wait-all|cancel|parallel):`)

func isStepControl(r remark, _ []string) bool { return stepControl.MatchString(r.after()) }

// isParallelStep reports whether the missing property is a step in a group that actionlint did not see.
func isParallelStep(r remark, match []string) bool {
	if !strings.HasPrefix(r.after(), "steps.") {
		return false
	}
	_, group, found := strings.Cut(string(r.data), "parallel:")
	id := regexp.MustCompile(`(?mi)^[\s-]*id:\s*["']?` + regexp.QuoteMeta(match[1]) + `["']?\s*(?:#.*)?$`)
	return found && id.MatchString(group)
}

// isEmptyFilter reports whether the remark is about a key such as "branches:" that has no value.
func isEmptyFilter(r remark, _ []string) bool {
	key, value, _ := strings.Cut(strings.TrimSpace(r.line()), ":")
	value, _, _ = strings.Cut(value, "#")
	switch key {
	case "branches", "branches-ignore", "tags", "tags-ignore", "paths", "paths-ignore", "types":
		return strings.TrimSpace(value) == ""
	}
	return false
}

var wildcardIndex = regexp.MustCompile(`[\w)\]]\[\*\]`)

// hasWildcardIndex reports whether the workflow takes all members of a list by an index; where in a scalar the parser
// gave up is not where it stands.
func hasWildcardIndex(r remark, _ []string) bool { return wildcardIndex.Match(r.data) }

// isSlip reports whether an input that an action does not have differs from one that it has by a letter or two.
func isSlip(_ remark, match []string) bool {
	for _, known := range quoted.FindAllStringSubmatch(match[3], -1) {
		if d := levenshtein.Distance(match[1], known[1], nil); d > 0 && d <= 2 && len(match[1]) > 5 {
			return true
		}
	}
	return false
}

var quoted = regexp.MustCompile(`"([^"]+)"`)

func notSelfHosted(r remark, _ []string) bool { return !strings.Contains(r.line(), "self-hosted") }

func labelsDeclared(r remark, _ []string) bool {
	return r.config != nil && len(r.config.SelfHostedRunner.Labels) > 0
}
