package assistant

var roleTitles = map[Role]string{
	RoleAnswer: "Svar", RoleCondition: "Betingelser", RoleException: "Undtagelser",
	RoleDeadline: "Frister", RoleAuthority: "Hvem afgør det", RoleAppeal: "Klage", RoleRelated: "Se også",
	RolePoint: "Hovedpunkter", RoleDuty: "Pligter", RoleProhibition: "Forbud", RoleAmount: "Beløb og satser",
	RoleDiscretion: "Skøn", RoleDelegation: "Delegation og regler andre fastsætter",
}

// Title is the Danish heading under which statements of the role stand.
func (r Role) Title() string { return roleTitles[r] }
