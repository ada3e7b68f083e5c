"""The site of a workspace, served from the command line: a free port, a server, the check of its pages."""
