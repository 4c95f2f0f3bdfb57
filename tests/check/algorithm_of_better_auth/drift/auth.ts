import { betterAuth } from "better-auth";
import { jwt } from "better-auth/plugins";

export const auth = betterAuth({
  baseURL: "http://localhost:3011",
  plugins: [jwt()],
});
