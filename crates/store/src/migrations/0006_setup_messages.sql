-- What Contara itself says, with its values, so that it can be read in another language: JSON. Nothing where the text is all there is.
ALTER TABLE setup_steps ADD COLUMN message TEXT;
ALTER TABLE setup_lines ADD COLUMN message TEXT;
