package deploy

import "github.com/plimsoll-dev/plimsoll/internal/source"

// Tagged is a chart's own values with a tag in place of every scalar, and one more in every table under TableKey: the
// lowest layer, below those that Layer.Shadow gives.
func Tagged(values map[string]any, tag func(source.Path) string) map[string]any {
	out, _ := shadow(values, nil, tag).(map[string]any)
	return out
}
