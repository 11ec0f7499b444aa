package policy

import "strings"

const (
	// doubtful and harmless are JudgeLimits where the policy file has none: where
	// kept prompts were refused at most once in a hundred times wrongly.
	doubtful = 0.2
	harmless = 0.98
)

// opinion is the judge's view of a text.
type opinion struct {
	pass  float64 // how probable it is that the text may pass
	class Class   // the likeliest class otherwise
}

func (t *reading) opinion(refused bool) opinion {
	p := t.policy.judge.probabilities(t.features(), t.text, refused)
	best := 1
	for k := range p {
		if k > 0 && p[k] > p[best] {
			best = k
		}
	}
	return opinion{pass: p[0], class: JudgeOutputs[best]}
}

// lifts tells whether the judge is sure enough that a rule hit a text that may
// pass. Contact data and attempts to switch the rules off are never lifted.
func (t *reading) lifts(class Class) bool {
	if class == ClassInjection || class == ClassPerson && len(t.contacts()) > 0 {
		return false
	}
	return t.opinion(true).pass > *t.policy.file.Judge.LiftAbove
}

// judged returns what the judge refuses though no rule does, and where: the
// names of a person, or the sentence that speaks most for the class.
func (t *reading) judged() (Class, []span) {
	if t.spoken() < 3 || len(t.text) > longestJudged {
		return "", nil
	}
	o := t.opinion(false)
	if o.pass >= *t.policy.file.Judge.RefuseBelow {
		return "", nil
	}
	if o.class == ClassPerson && len(t.names) > 0 {
		var spans []span
		for i := range t.names {
			spans = append(spans, span{t.names[i].start, t.names[i].end})
		}
		return o.class, spans
	}
	return o.class, []span{t.speaking(o.class)}
}

// spoken counts the words that are no numbers: of a number alone, the judge
// knows nothing.
func (t *reading) spoken() int {
	n := 0
	for i := range t.words {
		if !hasDigit(t.words[i].text) {
			n++
		}
	}
	return n
}

// speaking returns the sentence that speaks most for a class, by its words.
func (t *reading) speaking(class Class) span {
	best, most := span{t.words[0].start, t.words[len(t.words)-1].end}, 0.0
	for i := range t.sentences {
		words := t.sentences[i].words
		at := span{words[0].start, words[len(words)-1].end}
		alone := t.policy.read(strings.TrimSpace(t.text[at.start:at.end]))
		if len(alone.words) == 0 {
			continue
		}
		p := Softmax(t.policy.judge.words.ofWords(alone.features()))
		for k := range p {
			if JudgeOutputs[k] == class && p[k] > most {
				best, most = at, p[k]
			}
		}
	}
	return best
}
