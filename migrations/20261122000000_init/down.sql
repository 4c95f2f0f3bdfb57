-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

DROP TABLE projects;

DROP TABLE documents;

DROP TABLE document_versions;

DROP TABLE groups;

DROP TABLE group_hierarchy;

DROP TABLE document_groups;
