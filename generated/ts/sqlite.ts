// Made by Syncline from syncline.toml. Do not edit.

import { relations } from "drizzle-orm";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

import { deviceId, newId, now } from "./defaults";

/** A folder of documents. */
export const projects = sqliteTable("projects", {
  id: text("id").primaryKey().$defaultFn(newId),
  ownerId: text("owner_id"),
  name: text("name").notNull(),
  isDefault: integer("is_default", { mode: "boolean" }).notNull().default(false),
  createdAt: text("created_at").notNull().$defaultFn(now),
  updatedAt: text("updated_at").notNull().$defaultFn(now).$onUpdateFn(now),
  deletedAt: text("deleted_at"),
});

export type ProjectsRow = typeof projects.$inferSelect;
export type NewProjectsRow = typeof projects.$inferInsert;

export const documents = sqliteTable("documents", {
  id: text("id").primaryKey().$defaultFn(newId),
  ownerId: text("owner_id"),
  title: text("title"),
  content: text("content").notNull(),
  projectId: text("project_id"),
  deviceId: text("device_id").notNull().$defaultFn(deviceId),
  createdAt: text("created_at").notNull().$defaultFn(now),
  updatedAt: text("updated_at").notNull().$defaultFn(now).$onUpdateFn(now),
  deletedAt: text("deleted_at"),
}, (table) => [
  index("documents_project_id_idx").on(table.projectId),
  // In PostgreSQL: descending.
  index("documents_updated_at_idx").on(table.updatedAt),
]);

export type DocumentsRow = typeof documents.$inferSelect;
export type NewDocumentsRow = typeof documents.$inferInsert;

export const documentVersions = sqliteTable("document_versions", {
  id: text("id").primaryKey().$defaultFn(newId),
  ownerId: text("owner_id"),
  documentId: text("document_id").notNull(),
  version: integer("version").notNull(),
  content: text("content").notNull(),
  deviceId: text("device_id").notNull().$defaultFn(deviceId),
  createdAt: text("created_at").notNull().$defaultFn(now),
  updatedAt: text("updated_at").notNull().$defaultFn(now).$onUpdateFn(now),
  deletedAt: text("deleted_at"),
});

export type DocumentVersionsRow = typeof documentVersions.$inferSelect;
export type NewDocumentVersionsRow = typeof documentVersions.$inferInsert;

export const groups = sqliteTable("groups", {
  id: text("id").primaryKey().$defaultFn(newId),
  ownerId: text("owner_id"),
  name: text("name").notNull(),
  /** At most 16 characters. */
  color: text("color", { length: 16 }),
  sortOrder: integer("sort_order").notNull().default(0),
  createdAt: text("created_at").notNull().$defaultFn(now),
  updatedAt: text("updated_at").notNull().$defaultFn(now).$onUpdateFn(now),
  deletedAt: text("deleted_at"),
});

export type GroupsRow = typeof groups.$inferSelect;
export type NewGroupsRow = typeof groups.$inferInsert;

export const groupHierarchy = sqliteTable("group_hierarchy", {
  id: text("id").primaryKey().$defaultFn(newId),
  ownerId: text("owner_id"),
  parentGroupId: text("parent_group_id").notNull(),
  childGroupId: text("child_group_id").notNull(),
  createdAt: text("created_at").notNull().$defaultFn(now),
  updatedAt: text("updated_at").notNull().$defaultFn(now).$onUpdateFn(now),
  deletedAt: text("deleted_at"),
}, (table) => [
  // In PostgreSQL: unique for each owner; deleted rows left out.
  index("group_hierarchy_parent_group_id_child_group_id_key").on(table.parentGroupId, table.childGroupId),
]);

export type GroupHierarchyRow = typeof groupHierarchy.$inferSelect;
export type NewGroupHierarchyRow = typeof groupHierarchy.$inferInsert;

export const documentGroups = sqliteTable("document_groups", {
  id: text("id").primaryKey().$defaultFn(newId),
  ownerId: text("owner_id"),
  documentId: text("document_id").notNull(),
  groupId: text("group_id").notNull(),
  createdAt: text("created_at").notNull().$defaultFn(now),
  updatedAt: text("updated_at").notNull().$defaultFn(now).$onUpdateFn(now),
  deletedAt: text("deleted_at"),
}, (table) => [
  // In PostgreSQL: unique for each owner; deleted rows left out.
  index("document_groups_document_id_group_id_key").on(table.documentId, table.groupId),
]);

export type DocumentGroupsRow = typeof documentGroups.$inferSelect;
export type NewDocumentGroupsRow = typeof documentGroups.$inferInsert;

/** On this device only. */
export const preferences = sqliteTable("preferences", {
  id: text("id").primaryKey().$defaultFn(newId),
  key: text("key").notNull(),
  value: text("value", { mode: "json" }),
  createdAt: text("created_at").notNull().$defaultFn(now),
  updatedAt: text("updated_at").notNull().$defaultFn(now).$onUpdateFn(now),
});

export type PreferencesRow = typeof preferences.$inferSelect;
export type NewPreferencesRow = typeof preferences.$inferInsert;

/** On this device only. */
export const localMetadata = sqliteTable("local_metadata", {
  id: text("id").primaryKey().$defaultFn(newId),
  key: text("key").notNull(),
  value: text("value"),
  createdAt: text("created_at").notNull().$defaultFn(now),
  updatedAt: text("updated_at").notNull().$defaultFn(now).$onUpdateFn(now),
});

export type LocalMetadataRow = typeof localMetadata.$inferSelect;
export type NewLocalMetadataRow = typeof localMetadata.$inferInsert;

export const projectsRelations = relations(projects, ({ many }) => ({
  documents: many(documents),
}));

export const documentsRelations = relations(documents, ({ one, many }) => ({
  project: one(projects, { fields: [documents.projectId], references: [projects.id] }),
  documentVersions: many(documentVersions),
  documentGroups: many(documentGroups),
}));

export const documentVersionsRelations = relations(documentVersions, ({ one }) => ({
  document: one(documents, { fields: [documentVersions.documentId], references: [documents.id] }),
}));

export const groupsRelations = relations(groups, ({ many }) => ({
  groupHierarchyByParentGroup: many(groupHierarchy, { relationName: "group_hierarchy.parent_group_id" }),
  groupHierarchyByChildGroup: many(groupHierarchy, { relationName: "group_hierarchy.child_group_id" }),
  documentGroups: many(documentGroups),
}));

export const groupHierarchyRelations = relations(groupHierarchy, ({ one }) => ({
  parentGroup: one(groups, { fields: [groupHierarchy.parentGroupId], references: [groups.id], relationName: "group_hierarchy.parent_group_id" }),
  childGroup: one(groups, { fields: [groupHierarchy.childGroupId], references: [groups.id], relationName: "group_hierarchy.child_group_id" }),
}));

export const documentGroupsRelations = relations(documentGroups, ({ one }) => ({
  document: one(documents, { fields: [documentGroups.documentId], references: [documents.id] }),
  group: one(groups, { fields: [documentGroups.groupId], references: [groups.id] }),
}));
