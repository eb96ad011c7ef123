"""Given names and surnames in general use, by where they are at home.

People are made of them by chance (name_set.py): nobody in particular is meant. Many are in no
English dictionary.
"""

from __future__ import annotations

from typing import Final

KINDS: Final[dict[str, tuple[str, str]]] = {
    "English": (
        (
            "James Mary Robert Linda William Susan Thomas Karen Daniel Nancy Andrew Emily Kevin "
            "Laura Brian Rachel Gregory Heather Patrick Megan"
        ),
        (
            "Anderson Baker Campbell Davis Edwards Foster Graham Harrison Mitchell Parker "
            "Reynolds Sullivan Thompson Walker Young Bennett Coleman Fisher Henderson Murphy"
        ),
    ),
    "Slavic": (
        (
            "Krzysztof Agnieszka Wojciech Małgorzata Tomasz Katarzyna Zbigniew Svetlana Dmitri "
            "Oksana Vladislav Ludmila Bogdan Zdeněk Miloš Jaroslav Božena Mirela Yevgeny Snežana"
        ),
        (
            "Wojciechowski Szczepański Kowalczyk Dvořák Novotný Petrović Janković Kuznetsov "
            "Shevchenko Bondarenko Wiśniewski Zieliński Hrdlička Procházka Stojanović Lewandowski "
            "Voronin Tkachenko Blagojević Krawczyk"
        ),
    ),
    "Indian": (
        (
            "Rajesh Priyanka Venkatesh Lakshmi Anand Sunita Karthik Deepika Harpreet Gurpreet "
            "Aishwarya Siddharth Meenakshi Vijay Kavitha Arjun Padma Ramesh Shreya Manoj"
        ),
        (
            "Venkataraman Krishnamurthy Patel Subramaniam Chatterjee Mukherjee Iyengar Deshpande "
            "Raghunathan Bhattacharya Agarwal Sharma Choudhury Banerjee Gopalakrishnan Nair "
            "Kulkarni Reddy Joshi Dhillon"
        ),
    ),
    "Vietnamese": (
        (
            "Thuy Phuong Minh Quang Linh Huong Tuan Dung Hanh Khanh Trang Duc Ngoc Binh Hoang Lan "
            "Thanh Vinh Yen Xuan"
        ),
        (
            "Nguyễn Trần Phạm Huỳnh Hoàng Phan Vũ Đặng Bùi Đỗ Hồ Ngô Dương Lý Trịnh Đinh Trương "
            "Lương Mai Võ"
        ),
    ),
    "African": (
        (
            "Ngozi Chukwuemeka Oluwaseun Adaeze Kwame Thandiwe Babajide Amina Sipho Nokuthula "
            "Abimbola Tendai Folasade Kofi Zanele Ifeoma Olumide Wanjiru Mandla Chidi"
        ),
        (
            "Okonkwo Adeyemi Mbeki Nkrumah Ogunleye Dlamini Mensah Abubakar Nwosu Balogun Khumalo "
            "Kamau Owusu Achebe Mwangi Oyelaran Ndlovu Chukwu Asante Otieno"
        ),
    ),
    "Scandinavian": (
        (
            "Bjørn Ingrid Sigurd Astrid Torbjørn Gunnhild Magnus Ragnhild Søren Kirsten Lars "
            "Solveig Halvard Freja Mikkel Elin Oskar Signe Leif Annika"
        ),
        (
            "Björnsson Gustafsson Halvorsen Lindqvist Rasmussen Kjeldsen Sørensen Hagström "
            "Nygaard Thorvaldsen Sjöberg Fredriksen Østergaard Bergström Lindgren Haugen "
            "Kristoffersen Engström Dahl Mortensen"
        ),
    ),
    "Hispanic": (
        (
            "Guadalupe Alejandro Xiomara Joaquín Esperanza Guillermo Itzel Rodrigo Consuelo "
            "Ignacio Yesenia Fernando Marisol Santiago Graciela Arturo Lourdes Emilio Rocío "
            "Héctor"
        ),
        (
            "Villanueva Echeverría Gutiérrez Zambrano Benavides Quintanilla Montemayor Arredondo "
            "Cisneros Velásquez Saldívar Ybarra Castellanos Figueroa Alcántara Delgadillo Ornelas "
            "Palomares Urrutia Barrientos"
        ),
    ),
}
