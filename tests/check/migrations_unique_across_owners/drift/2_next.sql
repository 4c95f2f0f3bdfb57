CREATE UNIQUE INDEX titles ON items (title);
