"""The app in a browser: a server on this machine that starts one app for each tab."""
