package account

// ByMail says whether mail may be sent to the person: they chose it, and said where to. Everybody else is told nothing
// by mail, however urgent; staff call, or the person looks with the receipt code.
func (c Contact) ByMail() bool { return c.Reach == ReachEmail && c.Email != "" }
