"""The officer's page: `views` takes the officer from the login, `letter` gathers a month, `result` does its sums."""
