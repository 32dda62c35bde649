"""The officer's page: `views` takes the officer from the login, `letter` gathers a month,
`result` does its plain sums, `closed` tells the score of a month that is closed,
`questions` what people look into about it, `voices` what residents said beside it,
`period` tells a semester or year."""
