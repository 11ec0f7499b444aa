package policy

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// File is the policy as it is written down; policy.yaml documents the format.
type File struct {
	Version   int                `yaml:"version" json:"version"`
	Catalogue []Task             `yaml:"catalogue" json:"catalogue"`
	Rules     []Rule             `yaml:"rules" json:"rules"`
	Judge     JudgeLimits        `yaml:"judge" json:"judge"`
	Patterns  map[Class][]string `yaml:"patterns" json:"-"`
	Words     wordLists          `yaml:"words" json:"-"`
}

// Task is one of a municipality's tasks in the AI strategy's figure. All texts
// are Danish.
type Task struct {
	Task        string `yaml:"task" json:"task"`
	Side        string `yaml:"side" json:"side"`               // internal, citizen
	Sensitivity string `yaml:"sensitivity" json:"sensitivity"` // low, high
	Risk        string `yaml:"risk" json:"risk"`               // low, high, prohibited
	May         string `yaml:"may" json:"may"`                 // what Hjemmel may do
	MayNot      string `yaml:"may_not" json:"may_not"`
	Ground      string `yaml:"ground" json:"ground"`
}

// Rule is why texts of one class are refused. All texts are Danish.
type Rule struct {
	Class           Class  `yaml:"class" json:"class"`
	Title           string `yaml:"title" json:"title"`
	Reason          string `yaml:"reason" json:"reason"`
	Ground          string `yaml:"ground" json:"ground"`
	Instead         string `yaml:"instead" json:"instead"`
	DocumentInstead string `yaml:"document_instead" json:"document_instead"`
}

// JudgeLimits say how sure the Judge must be. What a file leaves out is as in
// the built-in policy.
type JudgeLimits struct {
	// RefuseBelow is how improbable passing must be for the judge to refuse what
	// the rules let pass; 0 for never.
	RefuseBelow *float64 `yaml:"refuse_below" json:"refuse_below"`
	// LiftAbove is how probable passing must be for the judge to let pass what
	// the rules refuse; 1 for never.
	LiftAbove *float64 `yaml:"lift_above" json:"lift_above"`
}

// wordLists are the lists by which texts are understood.
type wordLists struct {
	Defeats         []string `yaml:"defeats"`
	Procedure       []string `yaml:"procedure"`
	Speech          []string `yaml:"speech"`
	Verdicts        []string `yaml:"verdicts"`
	Orders          []string `yaml:"orders"`
	Address         []string `yaml:"address"`
	Wish            []string `yaml:"wish"`
	Lead            []string `yaml:"lead"`
	Questions       []string `yaml:"questions"`
	Frames          []string `yaml:"frames"`
	Decides         []string `yaml:"decides"`
	Assesses        []string `yaml:"assesses"`
	Checks          []string `yaml:"checks"`
	Tells           []string `yaml:"tells"`
	Writes          []string `yaml:"writes"`
	Informs         []string `yaml:"informs"`
	Answers         []string `yaml:"answers"`
	Scores          []string `yaml:"scores"`
	People          []string `yaml:"people"`
	Cases           []string `yaml:"cases"`
	DefinitePhrases []string `yaml:"definite_phrases"`
	Pronouns        []string `yaml:"pronouns"`
	Pointers        []string `yaml:"pointers"`
	Possessives     []string `yaml:"possessives"`
	Texts           []string `yaml:"texts"`
	Authorities     []string `yaml:"authorities"`
	Letters         []string `yaml:"letters"`
	Notices         []string `yaml:"notices"`
	Judgements      []string `yaml:"judgements"`
	Outcomes        []string `yaml:"outcomes"`
	Entitled        []string `yaml:"entitled"`
	Ratings         []string `yaml:"ratings"`
	Quantity        []string `yaml:"quantity"`
	Life            []string `yaml:"life"`
	Bodies          []string `yaml:"bodies"`
	Titles          []string `yaml:"titles"`
	Offices         []string `yaml:"offices"`
	Places          []string `yaml:"places"`
	Given           string   `yaml:"given"`
	Surnames        string   `yaml:"surnames"`
	WordNames       []string `yaml:"word_names"`
}

// wordList is a list with its bits.
type wordList struct {
	entries []string
	set     set
}

// plainLists pairs the lists that hold words with their bits.
func (w *wordLists) plainLists() map[string]wordList {
	return map[string]wordList{
		"defeats": {w.Defeats, defeats}, "procedure": {w.Procedure, procedure}, "speech": {w.Speech, speech}, "verdicts": {w.Verdicts, verdicts}, "orders": {w.Orders, orders}, "address": {w.Address, address}, "wish": {w.Wish, wish}, "lead": {w.Lead, lead}, "questions": {w.Questions, questions}, "frames": {w.Frames, frames},
		"definite_phrases": {w.DefinitePhrases, person | definite}, "pronouns": {w.Pronouns, pronouns}, "pointers": {w.Pointers, pointers},
		"possessives": {w.Possessives, possessives}, "texts": {w.Texts, texts}, "authorities": {w.Authorities, authorities}, "letters": {w.Letters, letters},
		"notices": {w.Notices, notices}, "judgements": {w.Judgements, judgements}, "outcomes": {w.Outcomes, outcomes}, "entitled": {w.Entitled, entitled},
		"ratings": {w.Ratings, ratings}, "quantity": {w.Quantity, quantity}, "life": {w.Life, life}, "bodies": {w.Bodies, bodies}, "titles": {w.Titles, titles},
		"offices": {w.Offices, offices}, "places": {w.Places, places}, "given": {strings.Fields(w.Given), given},
		"surnames": {strings.Fields(w.Surnames), surnames}, "word_names": {w.WordNames, wordNames},
	}
}

// verbLists pairs the lists of "imperative/infinitive" with their bits.
func (w *wordLists) verbLists() map[string]wordList {
	return map[string]wordList{
		"decides": {w.Decides, decides}, "assesses": {w.Assesses, assesses}, "checks": {w.Checks, checks}, "tells": {w.Tells, tells},
		"writes": {w.Writes, writes}, "informs": {w.Informs, informs}, "answers": {w.Answers, answers}, "scores": {w.Scores, scores},
	}
}

// nounLists pairs the lists of four forms with their bits.
func (w *wordLists) nounLists() map[string]wordList {
	return map[string]wordList{"people": {w.People, person}, "cases": {w.Cases, case_}}
}

//go:embed policy.yaml
var builtin []byte

// Source returns the built-in policy file, to be adapted.
func Source() []byte { return builtin }

// Default returns the built-in policy.
var Default = sync.OnceValue(func() *Policy {
	p, err := Parse("policy.yaml", builtin)
	if err != nil {
		panic(err) // a test reads the file
	}
	return p
})

// Load reads the policy file at path, or the built-in one where path is empty.
func Load(path string) (*Policy, error) {
	if path == "" {
		return Default(), nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the policy: %w", err)
	}
	return Parse(path, data)
}

// Parse reads a policy file; name stands in errors, each of which says line and
// key.
func Parse(name string, data []byte) (*Policy, error) {
	tree, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, fmt.Errorf("%s: %s", name, yaml.FormatError(err, false, false))
	}
	p := &Policy{source: data, judge: defaultJudge()}
	if err := yaml.UnmarshalWithOptions(data, &p.file, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s: %s", name, yaml.FormatError(err, false, false))
	}
	c := compiler{name: name, tree: tree, policy: p}
	c.check()
	c.compile()
	if len(c.problems) > 0 {
		return nil, errors.Join(c.problems...)
	}
	return p, nil
}

// compiler turns a file into a policy and collects what is wrong with it.
type compiler struct {
	name     string
	tree     *ast.File
	policy   *Policy
	problems []error
}

// problem records an error at a key such as "rules[1].ground".
func (c *compiler) problem(key, format string, args ...any) {
	line := 1
	for at := key; at != ""; at = parent(at) {
		path, err := yaml.PathString("$." + at)
		if err != nil {
			continue
		}
		if node, err := path.FilterFile(c.tree); err == nil && node.GetToken() != nil {
			line = node.GetToken().Position.Line
			break
		}
	}
	c.problems = append(c.problems, fmt.Errorf("%s, line %d: %s: %s", c.name, line, key, fmt.Sprintf(format, args...)))
}

// parent returns the key that holds key; "" at the top.
func parent(key string) string {
	return key[:max(0, strings.LastIndexAny(key, ".["))]
}

func (c *compiler) check() {
	f := &c.policy.file
	if f.Version != 1 {
		c.problem("version", "must be 1")
	}
	if len(f.Catalogue) == 0 {
		c.problem("catalogue", "must list at least one task")
	}
	for i, t := range f.Catalogue {
		key := fmt.Sprintf("catalogue[%d]", i)
		c.needs(key, map[string]string{"task": t.Task, "may": t.May, "may_not": t.MayNot, "ground": t.Ground})
		c.oneOf(key+".side", t.Side, "internal", "citizen")
		c.oneOf(key+".sensitivity", t.Sensitivity, "low", "high")
		c.oneOf(key+".risk", t.Risk, "low", "high", "prohibited")
	}
	c.checkRules()
	c.limit("judge.refuse_below", &f.Judge.RefuseBelow, doubtful)
	c.limit("judge.lift_above", &f.Judge.LiftAbove, harmless)
}

// limit checks a probability, or sets it where the file leaves it out.
func (c *compiler) limit(key string, at **float64, otherwise float64) {
	switch {
	case *at == nil:
		*at = &otherwise
	case **at < 0 || **at > 1:
		c.problem(key, "must be from 0 to 1")
	}
}

func (c *compiler) checkRules() {
	found := map[Class]bool{}
	for i, r := range c.policy.file.Rules {
		key := fmt.Sprintf("rules[%d]", i)
		c.needs(key, map[string]string{"title": r.Title, "reason": r.Reason, "ground": r.Ground, "instead": r.Instead, "document_instead": r.DocumentInstead})
		switch {
		case !isClass(r.Class):
			c.problem(key+".class", "%q is not one of %v", r.Class, Classes)
		case found[r.Class]:
			c.problem(key+".class", "%q stands twice", r.Class)
		}
		found[r.Class] = true
	}
	for _, class := range Classes {
		if !found[class] {
			c.problem("rules", "the rule %q is missing: a rule can be reworded, not left out", class)
		}
	}
}

func isClass(c Class) bool {
	for _, known := range Classes {
		if c == known {
			return true
		}
	}
	return false
}

func (c *compiler) needs(key string, values map[string]string) {
	for _, name := range sortedKeys(values) {
		if strings.TrimSpace(values[name]) == "" {
			c.problem(key+"."+name, "must not be empty")
		}
	}
}

func (c *compiler) oneOf(key, value string, known ...string) {
	for _, k := range known {
		if value == k {
			return
		}
	}
	c.problem(key, "%q is not one of %s", value, strings.Join(known, ", "))
}
