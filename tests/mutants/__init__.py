"""Rules of ours, dropped or loosened one at a time: do the contract tests notice?"""
