"""Records to catalog: who is shown, grouped, related, ranked. Pure: the clock is an input."""
