"""Records to catalog: who is shown, grouped, related and ranked. Pure: the clock is an input."""
