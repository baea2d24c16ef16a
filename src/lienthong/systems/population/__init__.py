"""The National Population Database (*Cơ sở dữ liệu quốc gia về dân cư*) of the Ministry of Public Security, G01.

Source: Luật Căn cước công dân 59/2014/QH13, Điều 9 and 10; Luật Căn cước 26/2023/QH15, Điều 9.
"""
