export * from "./users.js";
export { posts, comments as postComments } from "./posts";
export * from "./enums";
