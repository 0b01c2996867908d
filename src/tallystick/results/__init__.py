"""What a run came to, as values. Rule: it gathers and counts; `report` makes the words and files.

A run is a stream of events (`events`); `tally` folds a stream into one `RunResult` (`result`).
"""
