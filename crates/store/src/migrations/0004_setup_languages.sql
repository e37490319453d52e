-- Names of the languages of whoever began a transaction, the most wanted first: fr_CA,fr. None: those of the configuration.
ALTER TABLE setup_transactions ADD COLUMN languages TEXT NOT NULL DEFAULT '';
