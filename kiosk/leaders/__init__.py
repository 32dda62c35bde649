"""The first pages of supervisors and agencies: `views` takes the offices from the login, `letter` gathers one office,
`survey` all of them, `screens` tells how the kiosks are; `skm` is the residents' survey of an office.
"""
