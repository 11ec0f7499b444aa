package assistant

import "strings"

// watchKind tables: by which words a clause shows that it is a point to watch
// (opmærksomhedspunkt), of which kind. The first kind that fits wins: a duty
// with a deadline is a deadline, because that is what is missed.
var watchKinds = []struct {
	role Role
	fits func(text string) bool
}{
	{RoleDeadline, func(t string) bool {
		return isDeadline(t) || numberBefore(t, englishTime) && containsAny(t, []string{" within ", " no later than ", " at the latest "})
	}},
	{RoleProhibition, func(t string) bool { return containsAny(t, prohibitions) }},
	{RoleAmount, func(t string) bool {
		return numberBefore(t, moneyUnits) || numberBefore(t, englishMoney) || containsAny(t, []string{" sats ", " satsen ", " takst ", " taksten "})
	}},
	{RoleDelegation, func(t string) bool { return delegates(t) || containsAny(t, delegations) }},
	{RoleException, func(t string) bool {
		return cuesOf(RoleException).in(t) || containsAny(t, []string{" unless ", " except ", " does not apply ", " notwithstanding "})
	}},
	{RoleDiscretion, func(t string) bool { return containsAny(t, discretions) }},
	{RoleDuty, func(t string) bool { return containsAny(t, duties) }},
	{RoleCondition, func(t string) bool {
		return cuesOf(RoleCondition).in(t) || containsAny(t, []string{" if ", " provided that ", " where "})
	}},
}

var (
	prohibitions = []string{" må ikke ", " må kun ", " må aldrig ", " forbudt ", " forbud ", " kan ikke ", " er ikke tilladt ", " ikke lovligt ", " skal undlade ",
		" must not ", " may not ", " shall not ", " cannot ", " prohibited ", " is not permitted "}
	delegations = []string{" bemyndiger ", " bemyndige ", " delegere", " delegation", " overlade ", " overlader ", " udlægge ", " efter regler fastsat ",
		" kompetencen ", " delegate", " make rules "}
	discretions = []string{" konkret vurdering", " individuel vurdering", " efter et skøn", " skønner ", " skønnes ", " vurderer ", " vurderes ", " særlige tilfælde ", " særlige grunde ",
		" kan efter omstændighederne", " kan beslutte ", " kan tilbyde ", " kan yde ", " kan give ", " kan bestemme ", " kan undtagelsesvis ", " rimelig ", " discretion ", " may decide ", " may grant ", " considers "}
	duties = []string{" skal ", " har pligt ", " er forpligtet ", " pligt til ", " pligten ", " påhviler ", " har ansvaret ", " sørger for ", " sikrer ", " fører tilsyn ",
		" must ", " shall ", " is required to ", " are required to ", " is obliged to "}
	entitlements = []string{" har ret til ", " har krav på ", " ret til at ", " er berettiget ", " yder ", " ydes ", " gives ", " tilbydes ", " is entitled ", " are entitled ", " formålet ", " forstås ", " gælder for ", " omfatter "}
	purposes     = []string{" formålet med denne lov", " formålet med loven", " lovens formål", " har til formål ", " loven fastsætter ", " denne lov fastsætter ", " loven gælder for ", " loven omfatter ", " formålet med retningslinje", " formålet med vejledning", " denne retningslinje ", " denne vejledning ", " the purpose of "}
	formalities  = []string{" træder i kraft ", " har virkning fra ", " hidtil gældende ", " færøerne ", " comes into force ", " enters into force "}
	englishTime  = []string{" day", " days", " week", " month", " year", " business day", " hour"}
	englishMoney = []string{" eur", " euro", " usd", " dollars", " per cent", " percent", " dkk"}
)

// watchKind returns the kind of point to watch that a clause is, or "".
func watchKind(text string) Role {
	for _, k := range watchKinds {
		if k.fits(text) {
			return k.role
		}
	}
	return ""
}

// bindsOrEntitles tells whether a clause gives a duty or a right, or says what a
// rule is for.
func bindsOrEntitles(text string) bool {
	return containsAny(text, duties) || containsAny(text, entitlements) || containsAny(text, prohibitions) ||
		strings.Contains(text, " kan ") || strings.Contains(text, " may ")
}
