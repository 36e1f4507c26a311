"""Settings, urls, wsgi, the command line and the demo county."""
