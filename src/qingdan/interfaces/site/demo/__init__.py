"""The demo county: Leiyang on 30 October 2023, with fictional enterprises."""
