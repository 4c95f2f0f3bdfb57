// Made by Syncline from syncline.toml. Do not edit.

/** Typed writes for each table that this device writes. */

import * as tables from "../sqlite";
import type { Rules } from "./rules";
import { type WriteDb, marking, removing } from "./writer";

/** The writes on `db`: the typed database, or a transaction of it. */
export function writesOn(db: WriteDb) {
  return {
    projects: marking<tables.NewProjectsRow, Partial<Omit<tables.NewProjectsRow, "id" | "ownerId" | "createdAt" | "updatedAt">>>(db, { name: "projects", table: tables.projects, rules: rules.projects }, "deletedAt"),
    documents: marking<tables.NewDocumentsRow, Partial<Omit<tables.NewDocumentsRow, "id" | "ownerId" | "createdAt" | "updatedAt">>>(db, { name: "documents", table: tables.documents, rules: rules.documents }, "deletedAt"),
    documentVersions: marking<tables.NewDocumentVersionsRow, Partial<Omit<tables.NewDocumentVersionsRow, "id" | "ownerId" | "createdAt" | "updatedAt">>>(db, { name: "document_versions", table: tables.documentVersions, rules: rules.documentVersions }, "deletedAt"),
    groups: marking<tables.NewGroupsRow, Partial<Omit<tables.NewGroupsRow, "id" | "ownerId" | "createdAt" | "updatedAt">>>(db, { name: "groups", table: tables.groups, rules: rules.groups }, "deletedAt"),
    groupHierarchy: marking<tables.NewGroupHierarchyRow, Partial<Omit<tables.NewGroupHierarchyRow, "id" | "ownerId" | "createdAt" | "updatedAt">>>(db, { name: "group_hierarchy", table: tables.groupHierarchy, rules: rules.groupHierarchy }, "deletedAt"),
    documentGroups: marking<tables.NewDocumentGroupsRow, Partial<Omit<tables.NewDocumentGroupsRow, "id" | "ownerId" | "createdAt" | "updatedAt">>>(db, { name: "document_groups", table: tables.documentGroups, rules: rules.documentGroups }, "deletedAt"),
    preferences: removing<tables.NewPreferencesRow, Partial<Omit<tables.NewPreferencesRow, "id" | "createdAt" | "updatedAt">>>(db, { name: "preferences", table: tables.preferences, rules: rules.preferences }),
    localMetadata: removing<tables.NewLocalMetadataRow, Partial<Omit<tables.NewLocalMetadataRow, "id" | "createdAt" | "updatedAt">>>(db, { name: "local_metadata", table: tables.localMetadata, rules: rules.localMetadata }),
  };
}

const rules = {
  projects: {
    id: { type: "id" },
    ownerId: { type: "text" },
    name: { type: "text", required: true },
    isDefault: { type: "boolean", required: true, filled: true },
    createdAt: { type: "timestamp", required: true, filled: true },
    updatedAt: { type: "timestamp", required: true, filled: true },
    deletedAt: { type: "timestamp" },
  },
  documents: {
    id: { type: "id" },
    ownerId: { type: "text" },
    title: { type: "text" },
    content: { type: "text", required: true },
    projectId: { type: "text" },
    deviceId: { type: "text", required: true, filled: true },
    createdAt: { type: "timestamp", required: true, filled: true },
    updatedAt: { type: "timestamp", required: true, filled: true },
    deletedAt: { type: "timestamp" },
  },
  documentVersions: {
    id: { type: "id" },
    ownerId: { type: "text" },
    documentId: { type: "text", required: true },
    version: { type: "integer", required: true },
    content: { type: "text", required: true },
    deviceId: { type: "text", required: true, filled: true },
    createdAt: { type: "timestamp", required: true, filled: true },
    updatedAt: { type: "timestamp", required: true, filled: true },
    deletedAt: { type: "timestamp" },
  },
  groups: {
    id: { type: "id" },
    ownerId: { type: "text" },
    name: { type: "text", required: true },
    color: { type: "text", max: 16 },
    sortOrder: { type: "integer", required: true, filled: true },
    createdAt: { type: "timestamp", required: true, filled: true },
    updatedAt: { type: "timestamp", required: true, filled: true },
    deletedAt: { type: "timestamp" },
  },
  groupHierarchy: {
    id: { type: "id" },
    ownerId: { type: "text" },
    parentGroupId: { type: "text", required: true },
    childGroupId: { type: "text", required: true },
    createdAt: { type: "timestamp", required: true, filled: true },
    updatedAt: { type: "timestamp", required: true, filled: true },
    deletedAt: { type: "timestamp" },
  },
  documentGroups: {
    id: { type: "id" },
    ownerId: { type: "text" },
    documentId: { type: "text", required: true },
    groupId: { type: "text", required: true },
    createdAt: { type: "timestamp", required: true, filled: true },
    updatedAt: { type: "timestamp", required: true, filled: true },
    deletedAt: { type: "timestamp" },
  },
  preferences: {
    id: { type: "id" },
    key: { type: "text", required: true },
    value: { type: "json" },
    createdAt: { type: "timestamp", required: true, filled: true },
    updatedAt: { type: "timestamp", required: true, filled: true },
  },
  localMetadata: {
    id: { type: "id" },
    key: { type: "text", required: true },
    value: { type: "text" },
    createdAt: { type: "timestamp", required: true, filled: true },
    updatedAt: { type: "timestamp", required: true, filled: true },
  },
} as const satisfies Record<string, Rules>;
