package pgrun

var (
	FindIn      = find
	NewestFirst = newestFirst
	Join        = join
	Alive       = alive
	Base        = base
)
