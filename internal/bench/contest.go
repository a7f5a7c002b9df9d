package main

import "path/filepath"

// contest is what is timed in each repository: the unavoidable part, and the program. Count is how much there is to do.
type contest struct {
	count       func(dir string) (int, error)
	floor, lint func(dir string) (sample, error)
}

// match is a contest in one repository.
type match struct {
	name        string // owner/name
	count       int
	floor, lint sample
}

// besideFloor holds a contest in each repository of the corpus that has something to do.
func (b *bench) besideFloor(c contest) ([]match, error) {
	repos, err := filepath.Glob(filepath.Join(b.corpus, "*", "*"))
	if err != nil {
		return nil, err
	}
	var times []match
	for _, dir := range repos {
		t := match{}
		if t.count, err = c.count(dir); err != nil {
			return nil, err
		}
		if t.count == 0 {
			continue
		}
		if t.floor, err = c.floor(dir); err != nil {
			return nil, err
		}
		if t.lint, err = c.lint(dir); err != nil {
			return nil, err
		}
		if t.name, err = filepath.Rel(b.corpus, dir); err != nil {
			return nil, err
		}
		times = append(times, t)
	}
	return times, nil
}

// totals are the rows of all repositories together: of the floor, under a name, and of the program.
func totals(times []match, floor string) []row {
	var floors, lints sample
	count := 0
	for _, t := range times {
		floors, lints, count = floors.add(t.floor), lints.add(t.lint), count+t.count
	}
	return []row{
		{name: floor, count: count, sample: floors},
		{name: "**all**", count: count, sample: lints, against: floors.wall},
	}
}
