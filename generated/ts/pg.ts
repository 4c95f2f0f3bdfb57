// Made by Syncline from syncline.toml. Do not edit.

import { relations, sql } from "drizzle-orm";
import { boolean, index, integer, pgTable, text, timestamp, uniqueIndex, varchar } from "drizzle-orm/pg-core";

/** A folder of documents. */
export const projects = pgTable("projects", {
  id: text("id").primaryKey(),
  ownerId: text("owner_id").notNull(),
  name: text("name").notNull(),
  isDefault: boolean("is_default").notNull().default(false),
  createdAt: timestamp("created_at", { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  updatedAt: timestamp("updated_at", { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  deletedAt: timestamp("deleted_at", { withTimezone: true, precision: 3 }),
});

export type ProjectsRow = typeof projects.$inferSelect;
export type NewProjectsRow = typeof projects.$inferInsert;

export const documents = pgTable("documents", {
  id: text("id").primaryKey(),
  ownerId: text("owner_id").notNull(),
  title: text("title"),
  content: text("content").notNull(),
  projectId: text("project_id"),
  deviceId: text("device_id").notNull(),
  createdAt: timestamp("created_at", { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  updatedAt: timestamp("updated_at", { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  deletedAt: timestamp("deleted_at", { withTimezone: true, precision: 3 }),
}, (table) => [
  index("documents_project_id_idx").on(table.projectId),
  index("documents_updated_at_idx").on(table.updatedAt.desc().nullsFirst()),
]);

export type DocumentsRow = typeof documents.$inferSelect;
export type NewDocumentsRow = typeof documents.$inferInsert;

export const documentVersions = pgTable("document_versions", {
  id: text("id").primaryKey(),
  ownerId: text("owner_id").notNull(),
  documentId: text("document_id").notNull(),
  version: integer("version").notNull(),
  content: text("content").notNull(),
  deviceId: text("device_id").notNull(),
  createdAt: timestamp("created_at", { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  updatedAt: timestamp("updated_at", { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  deletedAt: timestamp("deleted_at", { withTimezone: true, precision: 3 }),
});

export type DocumentVersionsRow = typeof documentVersions.$inferSelect;
export type NewDocumentVersionsRow = typeof documentVersions.$inferInsert;

export const groups = pgTable("groups", {
  id: text("id").primaryKey(),
  ownerId: text("owner_id").notNull(),
  name: text("name").notNull(),
  color: varchar("color", { length: 16 }),
  sortOrder: integer("sort_order").notNull().default(0),
  createdAt: timestamp("created_at", { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  updatedAt: timestamp("updated_at", { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  deletedAt: timestamp("deleted_at", { withTimezone: true, precision: 3 }),
});

export type GroupsRow = typeof groups.$inferSelect;
export type NewGroupsRow = typeof groups.$inferInsert;

export const groupHierarchy = pgTable("group_hierarchy", {
  id: text("id").primaryKey(),
  ownerId: text("owner_id").notNull(),
  parentGroupId: text("parent_group_id").notNull(),
  childGroupId: text("child_group_id").notNull(),
  createdAt: timestamp("created_at", { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  updatedAt: timestamp("updated_at", { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  deletedAt: timestamp("deleted_at", { withTimezone: true, precision: 3 }),
}, (table) => [
  uniqueIndex("group_hierarchy_parent_group_id_child_group_id_key").on(table.ownerId, table.parentGroupId, table.childGroupId).where(sql`deleted_at IS NULL`),
]);

export type GroupHierarchyRow = typeof groupHierarchy.$inferSelect;
export type NewGroupHierarchyRow = typeof groupHierarchy.$inferInsert;

export const documentGroups = pgTable("document_groups", {
  id: text("id").primaryKey(),
  ownerId: text("owner_id").notNull(),
  documentId: text("document_id").notNull(),
  groupId: text("group_id").notNull(),
  createdAt: timestamp("created_at", { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  updatedAt: timestamp("updated_at", { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  deletedAt: timestamp("deleted_at", { withTimezone: true, precision: 3 }),
}, (table) => [
  uniqueIndex("document_groups_document_id_group_id_key").on(table.ownerId, table.documentId, table.groupId).where(sql`deleted_at IS NULL`),
]);

export type DocumentGroupsRow = typeof documentGroups.$inferSelect;
export type NewDocumentGroupsRow = typeof documentGroups.$inferInsert;

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
